package consumer;

import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.testing.ModelSourceContract;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import java.net.URI;

/** What every source owes. */
class ShelfTest extends ModelSourceContract {

    private final ShelfProvider shelf = new ShelfProvider();

    @Override
    protected ModelSourceProvider provider() {
        return shelf;
    }

    @Override
    protected URI publish(Repository model) {
        for (StoredFile file : model.head().files().values()) {
            shelf.put(model.id(), file.path(), file.content().toByteArray());
        }
        return URI.create(shelf.defaultEndpoint());
    }
}

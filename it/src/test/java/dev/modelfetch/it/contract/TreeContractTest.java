package dev.modelfetch.it.contract;

import dev.modelfetch.it.sample.TreeProvider;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.testing.ModelSourceContract;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

/** The drop-in sample owes the same as the sources that ship. */
class TreeContractTest extends ModelSourceContract {

    private MiniHubs hubs;

    @Override
    protected ModelSourceProvider provider() {
        return new TreeProvider();
    }

    @Override
    protected URI publish(Repository model) {
        hubs = MiniHubs.start(model);
        return URI.create(hubs.tree(MODEL).endpoint() + "/");
    }

    @AfterEach
    void close() {
        hubs.close();
    }
}

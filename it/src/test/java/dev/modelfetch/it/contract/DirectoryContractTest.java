package dev.modelfetch.it.contract;

import dev.modelfetch.it.sample.DirectoryProvider;
import dev.modelfetch.it.sample.SummedDirectory;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.testing.ModelSourceContract;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A source that hands out bytes itself owes the same. */
class DirectoryContractTest extends ModelSourceContract {

    @TempDir
    Path root;

    @Override
    protected ModelSourceProvider provider() {
        return new DirectoryProvider();
    }

    @Override
    protected URI publish(Repository model) throws IOException {
        SummedDirectory.write(root, model);
        return root.toUri();
    }
}

package dev.modelfetch.it.contract;

import dev.modelfetch.it.hub.MiniHubs;
import dev.modelfetch.it.sample.DirectoryProvider;
import dev.modelfetch.it.sample.SummedDirectory;
import dev.modelfetch.spi.ModelSourceProvider;
import java.io.IOException;
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
    protected String endpoint(MiniHubs running) throws IOException {
        SummedDirectory.write(root, MODEL);
        return root.toUri().toString();
    }
}

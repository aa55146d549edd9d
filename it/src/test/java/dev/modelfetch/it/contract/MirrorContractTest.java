package dev.modelfetch.it.contract;

import dev.modelfetch.source.mirror.MirrorProvider;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.testing.ModelSourceContract;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

class MirrorContractTest extends ModelSourceContract {

    private MiniHubs hubs;

    @Override
    protected ModelSourceProvider provider() {
        return new MirrorProvider();
    }

    @Override
    protected URI publish(Repository model) {
        hubs = MiniHubs.start(model);
        return URI.create(hubs.mirror().endpoint() + "/");
    }

    @AfterEach
    void close() {
        hubs.close();
    }
}

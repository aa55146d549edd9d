package dev.modelfetch.it.contract;

import dev.modelfetch.source.modelscope.ModelScopeProvider;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.testing.ModelSourceContract;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

class ModelScopeContractTest extends ModelSourceContract {

    private MiniHubs hubs;

    @Override
    protected ModelSourceProvider provider() {
        return new ModelScopeProvider();
    }

    @Override
    protected URI publish(Repository model) {
        hubs = MiniHubs.start(model);
        return URI.create(hubs.modelScope().endpoint() + "/");
    }

    @AfterEach
    void close() {
        hubs.close();
    }
}

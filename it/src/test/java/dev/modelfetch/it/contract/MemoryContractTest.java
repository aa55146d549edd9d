package dev.modelfetch.it.contract;

import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.testing.ModelSourceContract;
import dev.modelfetch.testing.hub.MemoryHub;
import dev.modelfetch.testing.hub.Repository;
import java.net.URI;

/** What stands in for all of them in the tests of others owes the same. */
class MemoryContractTest extends ModelSourceContract {

    private final MemoryHub hub = MemoryHub.of();

    @Override
    protected ModelSourceProvider provider() {
        return hub;
    }

    @Override
    protected URI publish(Repository model) {
        hub.put(model);
        return URI.create(hub.defaultEndpoint());
    }
}

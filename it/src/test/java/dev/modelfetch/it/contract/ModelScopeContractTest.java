package dev.modelfetch.it.contract;

import dev.modelfetch.it.hub.MiniHubs;
import dev.modelfetch.source.modelscope.ModelScopeProvider;
import dev.modelfetch.spi.ModelSourceProvider;

class ModelScopeContractTest extends ModelSourceContract {

    @Override
    protected ModelSourceProvider provider() {
        return new ModelScopeProvider();
    }

    @Override
    protected String endpoint(MiniHubs running) {
        return running.modelScope().endpoint();
    }
}

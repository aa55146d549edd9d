package dev.modelfetch.it.contract;

import dev.modelfetch.it.hub.MiniHubs;
import dev.modelfetch.source.huggingface.HuggingFaceProvider;
import dev.modelfetch.spi.ModelSourceProvider;

class HuggingFaceContractTest extends ModelSourceContract {

    @Override
    protected ModelSourceProvider provider() {
        return new HuggingFaceProvider();
    }

    @Override
    protected String endpoint(MiniHubs running) {
        return running.huggingFace().endpoint();
    }
}

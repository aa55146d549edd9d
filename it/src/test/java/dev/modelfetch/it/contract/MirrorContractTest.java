package dev.modelfetch.it.contract;

import dev.modelfetch.it.hub.MiniHubs;
import dev.modelfetch.source.mirror.MirrorProvider;
import dev.modelfetch.spi.ModelSourceProvider;

class MirrorContractTest extends ModelSourceContract {

    @Override
    protected ModelSourceProvider provider() {
        return new MirrorProvider();
    }

    @Override
    protected String endpoint(MiniHubs running) {
        return running.mirror().endpoint();
    }
}

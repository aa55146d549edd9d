package dev.modelfetch.it.contract;

import dev.modelfetch.it.hub.MiniHubs;
import dev.modelfetch.it.sample.TreeProvider;
import dev.modelfetch.spi.ModelSourceProvider;

/** The drop-in sample owes the same as the sources that ship. */
class TreeContractTest extends ModelSourceContract {

    @Override
    protected ModelSourceProvider provider() {
        return new TreeProvider();
    }

    @Override
    protected String endpoint(MiniHubs running) {
        return running.tree(MODEL).endpoint();
    }
}

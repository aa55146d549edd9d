package dev.modelfetch.it.bench;

import dev.modelfetch.RepoType;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;

/** The three miniature hubs, by name. */
enum Hub {
    HUGGING_FACE,
    MIRROR,
    MODEL_SCOPE;

    MiniHub<?> in(MiniHubs hubs) {
        return switch (this) {
            case HUGGING_FACE -> hubs.huggingFace();
            case MIRROR -> hubs.mirror();
            case MODEL_SCOPE -> hubs.modelScope();
        };
    }

    /** Where a tool that only knows addresses gets one file. */
    String address(String endpoint, Repository repository, String path) {
        boolean model = repository.type() == RepoType.MODEL;
        String prefix = model && this != MODEL_SCOPE ? "" : repository.type().plural() + "/";
        String branch = this == MODEL_SCOPE ? "master" : "main";
        return endpoint + "/" + prefix + repository.id() + "/resolve/" + branch + "/" + path;
    }
}

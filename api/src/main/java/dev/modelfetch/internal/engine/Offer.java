package dev.modelfetch.internal.engine;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import okhttp3.Request;

/**
 * One source can deliver exactly this content.
 *
 * @param hub the source
 * @param manifest its listing
 * @param file the row in that listing
 */
record Offer(Hub hub, Manifest manifest, RepoFile file) {

    Request request() {
        return hub.source().request(manifest, file);
    }

    String id() {
        return hub.id();
    }
}

package dev.modelfetch.internal.choice;

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
public record Offer(Source hub, Manifest manifest, RepoFile file) {

    public Request request() {
        return hub.source().request(manifest, file);
    }

    public String id() {
        return hub.id();
    }
}

package dev.modelfetch.internal.choice;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import okhttp3.Request;

/**
 * One source can deliver exactly this content.
 *
 * @param source who
 * @param manifest that its request is made from: its own, or one of the same version
 * @param file the row in that manifest
 */
public record Offer(Source source, Manifest manifest, RepoFile file) {

    public Request request() {
        return source.backend().request(manifest, file);
    }

    public String id() {
        return source.id();
    }
}

package dev.modelfetch.testing.hub;

import dev.modelfetch.RepoType;

/** How the Hub hands out one file: the patterns A to D of huggingface.md 1.9. Thread-safe. */
final class HubFiles {

    /** How a kind of file is answered. */
    enum Pattern {
        /** A: relative 307 to the resolve cache of the same host, then 200. Small files. */
        CACHE,
        /** B: 302 to a signed link on the data host, with Xet headers. Large files. */
        BRIDGE,
        /** C: 200 at once. */
        DIRECT,
        /** D: 302 to a signed link of the older storage. Large files. */
        LEGACY
    }

    private final String endpoint;
    private final DataHost data;
    private volatile Pattern small = Pattern.CACHE;
    private volatile Pattern large = Pattern.BRIDGE;

    HubFiles(String endpoint, DataHost data) {
        this.endpoint = endpoint;
        this.data = data;
    }

    void patterns(Pattern smallFiles, Pattern largeFiles) {
        small = smallFiles;
        large = largeFiles;
    }

    Reply resolve(Request request, HubRoute route, Repository repository, Commit commit, StoredFile file) {
        Reply reply = switch (file.lfs() ? large : small) {
            case CACHE -> cache(route, repository, commit, file);
            case BRIDGE -> bridge(repository, commit, file);
            case LEGACY -> linked(Reply.redirect(302, legacyLink(repository, file)), file);
            case DIRECT -> direct(request, file);
        };
        return reply.with("X-Repo-Commit", commit.id())
                .with("Accept-Ranges", "bytes")
                .with(
                        "Content-Disposition",
                        "inline; filename*=UTF-8''%s; filename=\"%s\";"
                                .formatted(Target.encode(file.name()), Target.encode(file.name())))
                .about(file.path());
    }

    /** The file itself, ranges and all. */
    Reply direct(Request request, StoredFile file) {
        return ByteRange.answer(request, Reply.file(file).with("ETag", quoted(file.etag())));
    }

    private static Reply cache(HubRoute route, Repository repository, Commit commit, StoredFile file) {
        String origin = "/" + prefix(route.type()) + route.id() + "/resolve/" + route.revision() + "/" + file.path();
        return Reply.redirect(
                        307,
                        "/api/resolve-cache/%s/%s/%s/%s?%s=&etag=%s"
                                .formatted(
                                        route.type().plural(),
                                        repository.id(),
                                        commit.id(),
                                        Target.encodePath(file.path()),
                                        Target.encode(origin),
                                        Target.encode(quoted(file.etag()))))
                .with("X-Linked-ETag", quoted(file.etag()));
    }

    private Reply bridge(Repository repository, Commit commit, StoredFile file) {
        String path = "/xet-bridge-us/%s/%s?X-Xet-Cas-Uid=public&response-content-disposition=%s&Expires=%d&Signature="
                .formatted(HubRows.repositoryHash(repository), file.xetHash(), disposition(file), DataHost.expiry());
        String token = endpoint + "/api/" + repository.type().plural() + "/" + repository.id() + "/xet-read-token/"
                + commit.id();
        return linked(Reply.redirect(302, data.link(path, file, file.xetHash())), file)
                .with("X-Xet-Hash", file.xetHash())
                .with("Link", "<" + token + ">; rel=\"xet-auth\"")
                .with("Cache-Control", "no-store");
    }

    private String legacyLink(Repository repository, StoredFile file) {
        return data.link(
                "/repos/%s/%s?response-content-disposition=%s&Expires=%d&Signature="
                        .formatted(
                                HubRows.repositoryHash(repository),
                                file.content().sha256(),
                                disposition(file),
                                DataHost.expiry()),
                file,
                file.content().sha256());
    }

    private static Reply linked(Reply redirect, StoredFile file) {
        return redirect.with("X-Linked-Size", Long.toString(file.content().size()))
                .with("X-Linked-ETag", quoted(file.etag()));
    }

    private static String disposition(StoredFile file) {
        return "inline%3B+filename%3D%22" + Target.encode(file.name()) + "%22%3B";
    }

    private static String prefix(RepoType type) {
        return type == RepoType.MODEL ? "" : type.plural() + "/";
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}

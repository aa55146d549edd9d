package dev.modelfetch.testing.hub;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A proxy in front of the Hub: the same protocol, bent in the ways mirrors bend it (mirrors.md 1 and 3). Thread-safe. */
public final class MirrorFace implements Face {

    /** One way in which mirrors differ from the origin. */
    public enum Quirk {
        /** {@code Link rel="next"} names the origin (mirrors.md 1.4). The real one does so: on from the start. */
        NEXT_AT_ORIGIN,
        /** The cursor is dropped: page 1 comes for ever (huggingface.md 8.8). */
        CURSOR_IGNORED,
        /** 308 to the origin for everything (mirrors.md 1.5). */
        MOVED_TO_ORIGIN,
        /** A web page with status 200 for everything. */
        WEB_PAGES,
        /** 403 without an error code for everything (mirrors.md 1.2). */
        WORD_FILTER,
        /** No {@code X-Linked-*}, Xet or {@code Link} headers, files sent directly (mirrors.md 1.8). */
        NO_LINKED_HEADERS,
        /** Etags that identify nothing (huggingface.md 8.8). */
        INVENTED_ETAGS,
        /** Everything is unknown: 401 {@code RepoNotFound} (mirrors.md 1.10, M8). */
        HIDES_EVERYTHING
    }

    private static final List<String> LINKED =
            List.of("X-Linked-Size", "X-Linked-ETag", "X-Xet-Hash", "Link", "X-Repo-Commit-Date");

    private final HubFace hub;
    private final String endpoint;
    private final String origin;
    private volatile Set<Quirk> quirks = EnumSet.of(Quirk.NEXT_AT_ORIGIN);

    MirrorFace(HubFace hub, String endpoint, String origin) {
        this.hub = hub;
        this.endpoint = endpoint;
        this.origin = origin;
    }

    /** Exactly these quirks from now on. */
    public MirrorFace quirks(Quirk... some) {
        Set<Quirk> next = EnumSet.noneOf(Quirk.class);
        next.addAll(List.of(some));
        quirks = next;
        if (next.contains(Quirk.NO_LINKED_HEADERS)) {
            hub.direct();
        }
        return this;
    }

    /** The protocol underneath. */
    public HubFace hub() {
        return hub;
    }

    @Override
    public Reply answer(Request request) {
        Set<Quirk> now = quirks;
        if (now.contains(Quirk.MOVED_TO_ORIGIN)) {
            return Reply.redirect(308, origin + request.target().raw());
        }
        if (now.contains(Quirk.WEB_PAGES)) {
            return Reply.page(200, "This mirror wants a browser");
        }
        if (now.contains(Quirk.WORD_FILTER)) {
            return Reply.text(403, "invalid request");
        }
        if (now.contains(Quirk.HIDES_EVERYTHING)) {
            return Reply.json(401, Json.object("error", "Repository not found")).with("X-Error-Code", "RepoNotFound");
        }
        Request seen = now.contains(Quirk.CURSOR_IGNORED)
                ? request.withTarget(request.target().without("cursor"))
                : request;
        Reply reply = hub.answer(seen).with("Server", "hf-mirror");
        return bent(now, reply);
    }

    private Reply bent(Set<Quirk> now, Reply honest) {
        Reply reply = honest;
        String link = reply.headers().get("Link");
        if (now.contains(Quirk.NEXT_AT_ORIGIN) && link != null) {
            reply = reply.with("Link", link.replace(endpoint, origin));
        }
        if (now.contains(Quirk.NO_LINKED_HEADERS) && !reply.file().isEmpty()) {
            for (String name : LINKED) {
                reply = reply.without(name);
            }
        }
        return now.contains(Quirk.INVENTED_ETAGS) && reply.headers().containsKey("ETag")
                ? reply.with("ETag", "\"" + "0a".repeat(16) + "-10\"").without("X-Linked-ETag")
                : reply;
    }
}

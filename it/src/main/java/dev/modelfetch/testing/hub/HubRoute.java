package dev.modelfetch.testing.hub;

import dev.modelfetch.RepoType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A Hub address taken apart (huggingface.md 1.1).
 *
 * @param call which of the Hub's calls it is
 * @param type of the repository
 * @param id as asked for, one or two parts
 * @param revision empty where the call has none
 * @param path of a file or directory; empty where the call has none
 */
record HubRoute(Call call, RepoType type, String id, String revision, String path) {

    enum Call {
        INFO,
        REVISION,
        TREE,
        PATHS_INFO,
        REFS,
        COMMITS,
        RESOLVE,
        RAW,
        RESOLVE_CACHE;

        static Optional<Call> of(String word) {
            return switch (word) {
                case "revision" -> Optional.of(REVISION);
                case "tree" -> Optional.of(TREE);
                case "paths-info" -> Optional.of(PATHS_INFO);
                case "refs" -> Optional.of(REFS);
                case "commits" -> Optional.of(COMMITS);
                case "resolve" -> Optional.of(RESOLVE);
                case "raw" -> Optional.of(RAW);
                default -> Optional.empty();
            };
        }
    }

    static Optional<HubRoute> of(Target target) {
        List<String> parts = target.segments();
        if (parts.size() > 5 && target.from(0).startsWith("api/resolve-cache/")) {
            return type(parts.get(2))
                    .map(type -> new HubRoute(
                            Call.RESOLVE_CACHE, type, parts.get(3) + "/" + parts.get(4), parts.get(5), target.from(6)));
        }
        if (!parts.isEmpty() && parts.get(0).equals("api")) {
            return parts.size() < 3
                    ? Optional.empty()
                    : type(parts.get(1)).map(type -> below(target, type, 2, Call.INFO));
        }
        // Models have no prefix outside the API.
        Optional<RepoType> prefix = parts.isEmpty() ? Optional.empty() : type(parts.get(0));
        HubRoute route = below(target, prefix.orElse(RepoType.MODEL), prefix.isPresent() ? 1 : 0, Call.INFO);
        return route.call == Call.RESOLVE || route.call == Call.RAW ? Optional.of(route) : Optional.empty();
    }

    boolean isApi() {
        return call != Call.RESOLVE && call != Call.RAW && call != Call.RESOLVE_CACHE;
    }

    /** The same address for another repository, encoded. */
    String movedTo(String otherId) {
        String tail = path.isEmpty() ? "" : "/" + Target.encodePath(path);
        if (isApi()) {
            String word = call == Call.INFO
                    ? ""
                    : "/" + call.name().toLowerCase(Locale.ROOT).replace('_', '-');
            String rev = revision.isEmpty() ? "" : "/" + Target.encode(revision);
            return "/api/" + type.plural() + "/" + otherId + word + rev + tail;
        }
        String prefix = type == RepoType.MODEL ? "/" : "/" + type.plural() + "/";
        return prefix + otherId + "/" + call.name().toLowerCase(Locale.ROOT) + "/" + Target.encode(revision) + tail;
    }

    // An id has one or two parts; the word behind it tells which.
    private static HubRoute below(Target target, RepoType type, int start, Call otherwise) {
        List<String> parts = target.segments();
        for (int i = start + 1; i <= start + 2 && i < parts.size(); i++) {
            Optional<Call> call = Call.of(parts.get(i));
            if (call.isPresent()) {
                String id = String.join("/", parts.subList(start, i));
                String revision = i + 1 < parts.size() ? parts.get(i + 1) : "";
                return new HubRoute(call.get(), type, id, revision, target.from(i + 2));
            }
        }
        return new HubRoute(otherwise, type, target.from(start), "", "");
    }

    static Optional<RepoType> type(String plural) {
        for (RepoType type : RepoType.values()) {
            if (type.plural().equals(plural)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}

package dev.modelfetch.serve;

import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An address of the Hub taken apart (serving.md 2).
 *
 * @param call what is asked
 * @param repo of which
 * @param revision empty where the address has none
 * @param path of a file or folder; empty where the address has none
 */
record Route(Call call, Repo repo, String revision, String path) {

    enum Call {
        INFO,
        REVISION,
        TREE,
        PATHS_INFO,
        REFS,
        COMMITS,
        AUTH_CHECK,
        RESOLVE,
        RAW,
        LFS_BATCH
    }

    private static final Map<String, Call> OF_API = Map.of(
            "revision", Call.REVISION,
            "tree", Call.TREE,
            "paths-info", Call.PATHS_INFO,
            "refs", Call.REFS,
            "commits", Call.COMMITS,
            "auth-check", Call.AUTH_CHECK);

    /** Of the API too, and not answered: what stands before them is a repository all the same. */
    private static final Set<String> OTHER_WORDS =
            Set.of("commit", "preupload", "xet-read-token", "xet-write-token", "discussions", "resolve-cache");

    private static final Map<String, Call> OF_FILES = Map.of("resolve", Call.RESOLVE, "raw", Call.RAW);
    private static final String BATCH = ".git/info/lfs/objects/batch";

    /** @param parts of the path, decoded */
    static Optional<Route> of(List<String> parts) {
        try {
            if (!parts.isEmpty() && parts.get(0).equals("api")) {
                return parts.size() < 3 ? Optional.empty() : type(parts.get(1)).flatMap(type -> api(type, parts));
            }
            return file(parts);
        } catch (FetchException.Usage noSuchName) {
            return Optional.empty();
        }
    }

    /** What is looked for, if that is asked. */
    static Optional<RepoType> search(List<String> parts) {
        return parts.size() == 2 && parts.get(0).equals("api") ? type(parts.get(1)) : Optional.empty();
    }

    private static Optional<Route> api(RepoType type, List<String> parts) {
        int word = wordAt(parts, 2, OF_API.keySet());
        if (word < 0) {
            boolean other = parts.size() > 4 || OTHER_WORDS.contains(parts.get(parts.size() - 1));
            return other
                    ? Optional.empty()
                    : Optional.of(new Route(
                            Call.INFO, Repo.of(type, String.join("/", parts.subList(2, parts.size()))), "", ""));
        }
        Call call = Objects.requireNonNull(OF_API.get(parts.get(word)));
        Repo repo = Repo.of(type, String.join("/", parts.subList(2, word)));
        List<String> behind = parts.subList(word + 1, parts.size());
        boolean bare = call == Call.REFS || call == Call.AUTH_CHECK;
        if (bare != behind.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(bare ? new Route(call, repo, "", "") : behind(call, repo, behind));
    }

    private static Optional<Route> file(List<String> parts) {
        Optional<RepoType> prefix = parts.isEmpty() ? Optional.empty() : type(parts.get(0));
        int start = prefix.isPresent() ? 1 : 0;
        RepoType type = prefix.orElse(RepoType.MODEL);
        String all = String.join("/", parts.subList(Math.min(start, parts.size()), parts.size()));
        if (all.endsWith(BATCH)) {
            return Optional.of(new Route(
                    Call.LFS_BATCH, Repo.of(type, all.substring(0, all.length() - BATCH.length())), "", ""));
        }
        int word = wordAt(parts, start, OF_FILES.keySet());
        if (word < 0 || parts.size() < word + 3) {
            return Optional.empty();
        }
        Repo repo = Repo.of(type, String.join("/", parts.subList(start, word)));
        return Optional.of(behind(
                Objects.requireNonNull(OF_FILES.get(parts.get(word))), repo, parts.subList(word + 1, parts.size())));
    }

    /** An id has one or two parts; the word behind it tells which. */
    private static int wordAt(List<String> parts, int start, Set<String> words) {
        for (int i : new int[] {start + 2, start + 1}) {
            if (i < parts.size() && words.contains(parts.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** A revision such as {@code refs/pr/1} may come in one part or in three. */
    private static Route behind(Call call, Repo repo, List<String> parts) {
        int revision = parts.get(0).equals("refs") && parts.size() > 2 ? 3 : 1;
        return new Route(
                call,
                repo,
                String.join("/", parts.subList(0, revision)),
                String.join("/", parts.subList(revision, parts.size())));
    }

    private static Optional<RepoType> type(String plural) {
        for (RepoType type : RepoType.values()) {
            if (type.plural().equals(plural)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The parts of a path, decoded; empty if one of them leads elsewhere. */
    static Optional<List<String>> parts(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            String decoded = Form.decoded(part);
            for (String inner : decoded.split("/", -1)) {
                if (inner.equals("..") || inner.equals(".") || inner.indexOf('\0') >= 0) {
                    return Optional.empty();
                }
            }
            parts.add(decoded);
        }
        parts.removeIf(String::isEmpty);
        return Optional.of(List.copyOf(parts));
    }

    /** Where a file is, from the root of the endpoint. */
    static String address(Repo repo, String revision, String path) {
        StringBuilder address = new StringBuilder("/");
        if (repo.type() != RepoType.MODEL) {
            address.append(repo.type().plural()).append('/');
        }
        address.append(repo.id()).append("/resolve/").append(Form.encoded(revision));
        for (String part : path.split("/")) {
            address.append('/').append(Form.encoded(part));
        }
        return address.toString();
    }

    @Override
    public String toString() {
        return call.name().toLowerCase(Locale.ROOT) + " " + repo;
    }
}

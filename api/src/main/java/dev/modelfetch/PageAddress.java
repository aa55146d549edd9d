package dev.modelfetch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An address copied from a browser, a README or {@code git clone}: {@code host/[type/]owner/name[/view/…][?query]}. What
 * it says of revision and file is either understood or refused, since leaving it out would fetch everything.
 */
final class PageAddress {

    private static final Set<String> HUB_HOSTS =
            Set.of("huggingface.co", "www.huggingface.co", "hf.co", "www.hf.co", "hf-mirror.com", "www.hf-mirror.com");
    private static final Set<String> MODELSCOPE_HOSTS =
            Set.of("modelscope.cn", "www.modelscope.cn", "modelscope.ai", "www.modelscope.ai");

    /** What may follow a repository in an address, and what follows it in turn. */
    private enum View {
        /** Says nothing of a file; an unknown part behind it might. */
        TAB,
        /** A revision, then a folder. */
        FOLDER,
        /** A revision, then a file. */
        FILE,
        /** A number, whose revision is {@code refs/pr/N}. */
        DISCUSSION
    }

    private static final Map<String, View> HUB_VIEWS = Map.ofEntries(
            Map.entry("tree", View.FOLDER),
            Map.entry("blob", View.FILE),
            Map.entry("resolve", View.FILE),
            Map.entry("raw", View.FILE),
            Map.entry("edit", View.FILE),
            Map.entry("blame", View.FILE),
            Map.entry("commit", View.FILE),
            Map.entry("commits", View.FILE),
            Map.entry("revision", View.FILE),
            Map.entry("discussions", View.DISCUSSION),
            Map.entry("viewer", View.TAB),
            Map.entry("settings", View.TAB),
            Map.entry("community", View.TAB),
            Map.entry("refs", View.TAB));

    private static final Map<String, View> MODELSCOPE_VIEWS = Map.ofEntries(
            Map.entry("tree", View.FOLDER),
            Map.entry("file/view", View.FILE),
            Map.entry("resolve", View.FILE),
            Map.entry("commit", View.FILE),
            Map.entry("summary", View.TAB),
            Map.entry("files", View.TAB),
            Map.entry("file", View.TAB),
            Map.entry("feedback", View.TAB),
            Map.entry("quickstart", View.TAB),
            Map.entry("dataPeview", View.TAB),
            Map.entry("revisions", View.TAB),
            Map.entry("repo/files", View.TAB),
            Map.entry("repo/tree", View.TAB),
            Map.entry("repo", View.TAB));

    /** What a query may say. */
    private enum Says {
        REVISION,
        FILE,
        FOLDER
    }

    private static final Map<String, Says> HUB_QUERIES = Map.of("show_file_info", Says.FILE);

    /** In lower case: its pages write them otherwise than its API. */
    private static final Map<String, Says> MODELSCOPE_QUERIES = Map.of(
            "revision", Says.REVISION,
            "version", Says.REVISION,
            "filename", Says.FILE,
            "filepath", Says.FILE,
            "root", Says.FOLDER);

    private final String text;
    private final boolean modelScope;
    private final List<String> parts;
    private final boolean endsInSlash;
    private final Map<String, String> query;

    private PageAddress(String text, String host, List<String> parts, boolean endsInSlash, Map<String, String> query) {
        this.text = text;
        this.modelScope = MODELSCOPE_HOSTS.contains(host);
        this.parts = parts;
        this.endsInSlash = endsInSlash;
        this.query = query;
    }

    /** Whether that is what stands before the first slash of a page's address. */
    static boolean isHost(String authority) {
        String host = authority
                .substring(authority.lastIndexOf('@') + 1)
                .split(":", 2)[0]
                .toLowerCase(Locale.ROOT);
        return HUB_HOSTS.contains(host) || MODELSCOPE_HOSTS.contains(host);
    }

    /**
     * @param text as it was typed, for messages
     * @param rest from the host on
     * @throws FetchException.Usage if a hub's repository is not what it names, or more than is understood
     */
    static Address parse(String text, String rest) {
        String[] located = rest.split("#", 2)[0].split("\\?", 2);
        List<String> parts = new ArrayList<>(Address.parts(located[0]));
        String host = parts.isEmpty() ? "" : hostOf(text, parts.remove(0));
        return new PageAddress(text, host, parts, located[0].endsWith("/"), query(located.length < 2 ? "" : located[1]))
                .address();
    }

    /** Without a name, which {@code git} likes to put before it, and the usual port. */
    private static String hostOf(String text, String authority) {
        String name = authority.substring(0, Math.max(0, authority.lastIndexOf('@')));
        String[] host = authority.substring(authority.lastIndexOf('@') + 1).split(":", 2);
        if (!isHost(authority)) {
            throw new FetchException.Usage(
                    Message.of(
                            "other-page",
                            "{0} is not a page of huggingface.co, hf-mirror.com or modelscope.cn.",
                            Address.shown(text)),
                    Hint.of(
                            "other-hub",
                            "Give the repository as owner/name; another hub's address is the endpoint of a source."));
        }
        if (host[0].toLowerCase(Locale.ROOT).endsWith("modelscope.ai")) {
            throw new FetchException.Usage(
                    Message.of(
                            "modelscope-ai",
                            "The address {0} is of modelscope.ai, which has other repositories than modelscope.cn.",
                            Address.shown(text)),
                    Hint.of(
                            "modelscope-ai",
                            "Write modelscope://owner/name, and make https://modelscope.ai the endpoint of modelscope."));
        }
        if (name.contains(":")) {
            throw new FetchException.Usage(
                    Message.of(
                            "secret-in-address", "The address {0} carries a password or token.", Address.shown(text)),
                    Hint.of("no-token-here", "Leave it out; a token is given by itself."));
        }
        if (host.length > 1 && !Set.of("", "22", "80", "443").contains(host[1])) {
            throw new FetchException.Usage(
                    Message.of(
                            "port-in-address",
                            "The address {0} has a port, which no page of {1} has.",
                            Address.shown(text),
                            host[0]),
                    Hint.of(
                            "other-hub",
                            "Give the repository as owner/name; another hub's address is the endpoint of a source."));
        }
        return host[0].toLowerCase(Locale.ROOT);
    }

    private Address address() {
        boolean api = dropFirst("api");
        if (api) {
            dropFirst("v1");
            dropFirst("resolve-cache");
        }
        if (!parts.isEmpty()) {
            Unsupported.check(text, parts.get(0));
        }
        boolean typed = !parts.isEmpty() && Address.TYPES.contains(parts.get(0));
        RepoType type = typed ? RepoType.parse(parts.remove(0)) : RepoType.MODEL;
        Map<String, View> views = modelScope ? MODELSCOPE_VIEWS : HUB_VIEWS;
        // Only the Hub has names without an owner.
        boolean bare = !modelScope && (parts.size() == 1 || (parts.size() > 1 && views.containsKey(parts.get(1))));
        int length = bare ? 1 : 2;
        if (parts.size() < length || Set.of("tree", "blob", "resolve", "raw").contains(parts.get(0))) {
            throw Address.unreadable(text);
        }
        String id = withoutGit(String.join("/", parts.subList(0, length)));
        Repo repo = new Repo(type, id, modelScope ? Address.MODELSCOPE : null);
        Place place = place(parts.subList(length, parts.size()), views);
        // A Hub page without a type word is a model's; that is as definite as a word.
        return new Address(repo, typed || !modelScope, place.revision, place.file);
    }

    private boolean dropFirst(String word) {
        boolean found = !parts.isEmpty() && parts.get(0).equals(word);
        if (found) {
            parts.remove(0);
        }
        return found;
    }

    /** Where in the repository. */
    private record Place(
            @Nullable String revision, @Nullable String file) {}

    private Place place(List<String> where, Map<String, View> views) {
        boolean pair = where.size() > 1 && views.containsKey(where.get(0) + "/" + where.get(1));
        String word = where.isEmpty() ? "" : pair ? where.get(0) + "/" + where.get(1) : where.get(0);
        List<String> behind = where.subList(Math.min(where.size(), pair ? 2 : 1), where.size());
        View view = where.isEmpty() ? View.TAB : views.get(word);
        boolean cut = behind.isEmpty() && (view == View.FILE || view == View.FOLDER);
        if (view == null && Digest.isGitId(word) && !behind.isEmpty()) {
            // /api/resolve-cache/models/O/N/{commit}/{path}
            return queried(new Place(word, path(behind, false)));
        }
        if (view == null || cut) {
            throw notUnderstood(word);
        }
        return queried(
                switch (view) {
                    case TAB -> nothing(behind);
                    case FOLDER, FILE -> revised(behind, endsInSlash || view == View.FOLDER);
                    case DISCUSSION -> discussed(behind);
                });
    }

    private Place nothing(List<String> behind) {
        if (!behind.isEmpty()) {
            throw notUnderstood(String.join("/", behind));
        }
        return new Place(null, null);
    }

    private static Place revised(List<String> behind, boolean folder) {
        int length = Address.revisionLength(behind);
        return new Place(
                Address.decode(String.join("/", behind.subList(0, length))),
                path(behind.subList(length, behind.size()), folder));
    }

    private Place discussed(List<String> behind) {
        if (behind.isEmpty()) {
            return new Place(null, null);
        }
        boolean numbered = behind.get(0).matches("\\d{1,9}");
        boolean known = behind.size() == 1
                || (behind.size() == 2 && Set.of("files", "commits").contains(behind.get(1)));
        if (!numbered || !known) {
            throw notUnderstood("discussions/" + String.join("/", behind));
        }
        return new Place("refs/pr/" + behind.get(0), null);
    }

    /** What the query adds. */
    private Place queried(Place path) {
        Map<Says, String> said = new EnumMap<>(Says.class);
        query.forEach((name, value) -> {
            Says what = modelScope ? MODELSCOPE_QUERIES.get(name.toLowerCase(Locale.ROOT)) : HUB_QUERIES.get(name);
            if (what != null) {
                said.put(what, twiceDecoded(value));
            }
        });
        String folder = said.containsKey(Says.FOLDER) ? said.get(Says.FOLDER).replaceAll("/*$", "/") : path.file;
        return new Place(
                path.revision == null ? said.get(Says.REVISION) : path.revision, said.getOrDefault(Says.FILE, folder));
    }

    private FetchException.Usage notUnderstood(String part) {
        return new FetchException.Usage(
                Message.of(
                        "unknown-address",
                        "What \"{0}\" means in the address {1} is not known.",
                        part,
                        Address.shown(text)),
                Hint.of("plain-name", "Name the repository as owner/name, and the file and the revision beside it."));
    }

    private static Map<String, String> query(String text) {
        Map<String, String> found = new TreeMap<>();
        Arrays.stream(text.split("&")).map(pair -> pair.split("=", 2)).forEach(pair -> {
            if (pair.length == 2 && !pair[1].isEmpty()) {
                found.putIfAbsent(pair[0], pair[1]);
            }
        });
        return found;
    }

    private static @Nullable String path(List<String> parts, boolean folder) {
        return parts.isEmpty() ? null : Address.decode(String.join("/", parts)) + (folder ? "/" : "");
    }

    private static String withoutGit(String name) {
        return name.endsWith(".git") ? name.substring(0, name.length() - 4) : name;
    }

    /** ModelScope's own links are encoded twice; no file has {@code %2F} in its name. */
    private static String twiceDecoded(String text) {
        String once = Address.decode(text);
        return once.toUpperCase(Locale.ROOT).contains("%2F") ? Address.decode(once) : once;
    }
}

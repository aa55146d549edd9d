package dev.modelfetch;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person types or pastes to name a repository: the only grammar for it in the product.
 *
 * <pre>
 * owner/name   name   owner/name@revision   datasets/owner/name   spaces/owner/name
 * hf://[datasets/|spaces/]owner/name[@revision][/path]
 * modelscope://[datasets/]owner/name[@revision][/path]
 * a page address on huggingface.co, hf-mirror.com or modelscope.cn
 * </pre>
 *
 * @param repo type and id
 * @param typed whether the text itself said the type, so that another type would contradict it
 * @param revision branch, tag, {@code refs/pr/N} or commit; null when the text names none
 * @param file a path in the repository, ending in {@code /} for a folder; null when the text names none
 */
public record Address(
        Repo repo,
        boolean typed,
        @Nullable String revision,
        @Nullable String file) {

    private static final String MODELSCOPE = "modelscope";
    private static final Set<String> HUB_HOSTS =
            Set.of("huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com", "www.hf-mirror.com");
    private static final Set<String> MODELSCOPE_HOSTS =
            Set.of("modelscope.cn", "www.modelscope.cn", "modelscope.ai", "www.modelscope.ai");
    private static final Set<String> TYPES = Set.of("models", "datasets", "spaces");

    /**
     * Reads any of the forms above.
     *
     * @throws FetchException.Usage if it is none of them
     */
    public static Address parse(String text) {
        String trimmed = text.trim();
        int scheme = trimmed.indexOf("://");
        if (scheme < 0) {
            String host =
                    trimmed.substring(0, Math.max(0, trimmed.indexOf('/'))).toLowerCase(Locale.ROOT);
            return isHubHost(host) ? page(trimmed, trimmed) : compact(trimmed, trimmed, null, false);
        }
        String rest = trimmed.substring(scheme + 3);
        return switch (trimmed.substring(0, scheme).toLowerCase(Locale.ROOT)) {
            case "hf" -> compact(trimmed, rest, null, true);
            case MODELSCOPE, "ms" -> compact(trimmed, rest, MODELSCOPE, true);
            case "https", "http" -> page(trimmed, rest);
            default -> throw unreadable(text);
        };
    }

    /** {@code [type/]owner/name[@rev][/path]}; a path is only possible behind a scheme. */
    private static Address compact(String text, String body, @Nullable String family, boolean pathAllowed) {
        if (body.isEmpty()) {
            throw unreadable(text);
        }
        int at = body.indexOf('@');
        List<String> head = new ArrayList<>(parts(at < 0 ? body : body.substring(0, at)));
        List<String> tail = at < 0 ? List.of() : parts(body.substring(at + 1));
        boolean typed = head.size() > 1 && TYPES.contains(head.get(0));
        RepoType type = typed ? RepoType.parse(head.remove(0)) : RepoType.MODEL;

        if (!pathAllowed) {
            String revision = at < 0 ? null : body.substring(at + 1);
            return new Address(new Repo(type, String.join("/", head), family), typed, named(text, revision), null);
        }
        if (head.size() < 2) {
            throw unreadable(text);
        }
        if (at < 0 || head.size() > 2) {
            // An @ behind the id is part of a file name.
            List<String> all = parts(body);
            return new Address(
                    repo(type, head, family), typed, null, path(all.subList(typed ? 3 : 2, all.size()), body));
        }
        if (tail.isEmpty()) {
            throw unreadable(text);
        }
        int length = revisionLength(tail);
        String revision = decode(String.join("/", tail.subList(0, length)));
        return new Address(repo(type, head, family), typed, revision, path(tail.subList(length, tail.size()), body));
    }

    /** An address copied from a browser; query and fragment say nothing about the repository. */
    private static Address page(String text, String rest) {
        String clean = rest.split("[?#]", 2)[0];
        List<String> parts = new ArrayList<>(parts(clean));
        String host = parts.isEmpty() ? "" : parts.remove(0).toLowerCase(Locale.ROOT);
        if (!isHubHost(host)) {
            throw new FetchException.Usage(
                    "\"" + text + "\" is not a page of huggingface.co, hf-mirror.com or modelscope.cn.",
                    "Give the repository as owner/name; choose another hub's address with --endpoint SOURCE=URL.");
        }
        boolean modelScope = MODELSCOPE_HOSTS.contains(host);
        String family = modelScope ? MODELSCOPE : null;
        if (!parts.isEmpty() && parts.get(0).equals("api")) {
            parts.remove(0);
            if (!parts.isEmpty() && parts.get(0).equals("v1")) {
                parts.remove(0);
            }
        }
        boolean typed = !parts.isEmpty() && TYPES.contains(parts.get(0));
        RepoType type = typed ? RepoType.parse(parts.remove(0)) : RepoType.MODEL;
        // A Hub page without a type word is a model's; that is as definite as a word.
        typed |= !modelScope;
        int view = 0;
        while (view < parts.size() && view < 2 && !isView(parts.get(view))) {
            view++;
        }
        if (view == 0 || (modelScope && view < 2)) {
            throw unreadable(text);
        }
        List<String> id = new ArrayList<>(parts.subList(0, view));
        id.set(view - 1, withoutGit(id.get(view - 1)));
        List<String> where = parts.subList(view, parts.size());
        if (where.size() > 1 && where.get(0).equals("file") && where.get(1).equals("view")) {
            where = where.subList(1, where.size());
        }
        if (where.size() < 2
                || !Set.of("tree", "blob", "resolve", "raw", "view", "commit").contains(where.get(0))) {
            return new Address(repo(type, id, family), typed, null, null);
        }
        boolean folder = where.get(0).equals("tree");
        where = where.subList(1, where.size());
        int length = revisionLength(where);
        String revision = decode(String.join("/", where.subList(0, length)));
        String file = path(where.subList(length, where.size()), clean);
        if (file != null) {
            file = decode(file);
            file = folder && !file.endsWith("/") ? file + "/" : file;
        }
        return new Address(repo(type, id, family), typed, revision, file);
    }

    private static boolean isView(String part) {
        return Set.of("tree", "blob", "resolve", "raw", "commit", "commits", "discussions")
                .contains(part);
    }

    /** {@code refs/pr/N} and {@code refs/convert/X} are written with plain slashes; other revisions have none. */
    private static int revisionLength(List<String> parts) {
        return parts.size() >= 3 && parts.get(0).equals("refs") ? 3 : 1;
    }

    private static @Nullable String path(List<String> parts, String original) {
        if (parts.isEmpty()) {
            return null;
        }
        return String.join("/", parts) + (original.endsWith("/") ? "/" : "");
    }

    private static Repo repo(RepoType type, List<String> head, @Nullable String family) {
        return new Repo(type, String.join("/", head.subList(0, Math.min(2, head.size()))), family);
    }

    private static @Nullable String named(String text, @Nullable String revision) {
        if (revision != null && revision.isBlank()) {
            throw new FetchException.Usage(
                    "There is no revision after the @ in \"" + text + "\".",
                    "Write owner/name@branch, or leave out @.");
        }
        return revision;
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.split("/")).filter(part -> !part.isEmpty()).toList();
    }

    private static String withoutGit(String name) {
        return name.endsWith(".git") ? name.substring(0, name.length() - 4) : name;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static boolean isHubHost(String host) {
        return HUB_HOSTS.contains(host) || MODELSCOPE_HOSTS.contains(host);
    }

    private static FetchException.Usage unreadable(String text) {
        return new FetchException.Usage(
                "\"" + text + "\" does not name a repository.",
                "Write owner/name, datasets/owner/name, hf://owner/name, modelscope://owner/name, or paste a page address.");
    }
}

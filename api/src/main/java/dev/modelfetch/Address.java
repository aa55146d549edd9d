package dev.modelfetch;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * @param file a path in the repository, to the letter, ending in {@code /} for a folder; null when the text names none
 */
public record Address(
        Repo repo,
        boolean typed,
        @Nullable String revision,
        @Nullable String file) {

    static final String MODELSCOPE = "modelscope";
    static final Set<String> TYPES = Set.of("models", "datasets", "spaces");

    /** As {@code git clone} writes it for ssh. */
    private static final Pattern SSH = Pattern.compile("(?:\\w+@)?([\\w.-]+):(?!\\d+(?:/|$))/*(.+)");

    /**
     * Reads any of the forms above.
     *
     * @throws FetchException.Usage if it is none of them
     */
    public static Address parse(String text) {
        String trimmed = text.trim();
        int scheme = trimmed.indexOf("://");
        if (scheme < 0) {
            Matcher ssh = SSH.matcher(trimmed);
            if (ssh.matches() && PageAddress.isHost(ssh.group(1))) {
                return PageAddress.parse(trimmed, ssh.group(1) + "/" + ssh.group(2));
            }
            return PageAddress.isHost(trimmed.split("/", 2)[0])
                    ? PageAddress.parse(trimmed, trimmed)
                    : compact(trimmed, trimmed, null, false);
        }
        String rest = trimmed.substring(scheme + 3);
        return switch (trimmed.substring(0, scheme).toLowerCase(Locale.ROOT)) {
            case "hf" -> compact(trimmed, rest, null, true);
            case MODELSCOPE, "ms" -> compact(trimmed, rest, MODELSCOPE, true);
            case "https", "http", "ssh", "git", "git+https", "git+ssh" -> PageAddress.parse(trimmed, rest);
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
        String id = String.join("/", head.subList(0, Math.min(head.size(), pathAllowed ? 2 : 3)));
        boolean foreign = id.matches(".*[:?#].*") || (!pathAllowed && body.contains(":"));
        if (foreign) {
            // Never part of an id or a revision, but they may come before a password or a signature.
            throw unreadable(text);
        }
        if (head.size() > (family == null ? 1 : 2)) {
            Unsupported.check(text, head.get(0));
        }
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

    /** {@code refs/pr/N} and {@code refs/convert/X} are written with plain slashes; other revisions have none. */
    static int revisionLength(List<String> parts) {
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
                    Message.of("no-revision-after-at", "There is no revision after the @ in {0}.", shown(text)),
                    Hint.plain("Write owner/name@branch, or leave out @."));
        }
        return revision;
    }

    static List<String> parts(String text) {
        return Arrays.stream(text.split("/")).filter(part -> !part.isEmpty()).toList();
    }

    static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** In quotes, for messages: without what may be a password, and without a query, which may be a signature. */
    static String shown(String text) {
        String trimmed = text.trim();
        int start = trimmed.indexOf("://") < 0 ? 0 : trimmed.indexOf("://") + 3;
        int at = trimmed.lastIndexOf('@');
        boolean secret = at > start && trimmed.substring(start, at).contains(":");
        String safe = secret ? trimmed.substring(0, start) + "***" + trimmed.substring(at) : trimmed;
        return "\"" + safe.split("[?#]", 2)[0] + "\"";
    }

    static FetchException.Usage unreadable(String text) {
        return new FetchException.Usage(
                Message.of("no-repository", "{0} does not name a repository.", shown(text)),
                Hint.plain(
                        "Write owner/name, datasets/owner/name, hf://owner/name, modelscope://owner/name, or paste a page address."));
    }
}

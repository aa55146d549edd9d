package dev.modelfetch.internal.file;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a path as a hub spells it into one below a directory, or refuses it. Hubs and mirrors are not trusted here
 * (huggingface.md 5.9): names of other platforms' roots are refused on every platform.
 */
public final class SafePath {

    private static final int LONGEST_SEGMENT = 255;
    // A backslash separates on Windows and is a letter elsewhere; what it could hide is refused everywhere.
    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");
    private static final Pattern WINDOWS_FORBIDDEN = Pattern.compile("[<>:\"|?*\\\\]");
    private static final Pattern WINDOWS_DEVICE = Pattern.compile(
            "(?:CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|CLOCK\\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3]) *(?:\\..*)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}");
    private static final Pattern TRAILING = Pattern.compile("[. ]+$");
    private static final Set<String> OURS = Set.of(".cache", ".cache/huggingface", ".cache/modelfetch");

    private SafePath() {}

    /**
     * The place of a remote path below a directory.
     *
     * @throws FetchException.Storage if the path could leave the directory or cannot be a file on its file system
     */
    public static Path resolve(Path root, String remote) {
        String reason = objection(remote, isWindows(root));
        if (reason != null) {
            throw refused(remote, reason);
        }
        try {
            Path path = root.resolve(remote).normalize();
            if (!path.startsWith(root.normalize()) || path.equals(root.normalize())) {
                throw refused(remote, "it leads out of the folder");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new FetchException.Storage(
                    Message.of(
                            "odd-name",
                            "The name \"{0}\" cannot be written on this system: {1}.",
                            printable(remote),
                            new Phrase.Clause(e.getReason())),
                    Hint.of(
                            "odd-name",
                            "If it has letters beyond ASCII, run with a UTF-8 locale (LC_ALL=C.UTF-8); or leave the file out."),
                    e);
        }
    }

    /**
     * Checks paths that are to exist together. Where it matters the disk is asked which names are the same to it.
     *
     * @throws FetchException.Storage naming the first offender
     */
    public static void check(Path root, Collection<String> remotes) {
        remotes.forEach(remote -> resolve(root, remote));
        if (clash(remotes, NameFolding.ALL) != null) {
            FetchException.Storage clash = clash(remotes, NameFolding.of(root));
            if (clash != null) {
                throw clash;
            }
        }
    }

    /** What keeps them from existing together on a disk of that kind. */
    static FetchException.@Nullable Storage clash(Collection<String> remotes, NameFolding folding) {
        Map<String, String> files = new HashMap<>();
        for (String remote : remotes) {
            String other = files.put(folding.key(remote), remote);
            if (other != null && !other.equals(remote)) {
                return new FetchException.Storage(
                        Message.of(
                                "same-name",
                                "\"{0}\" and \"{1}\" are the same name on this disk.",
                                printable(other),
                                printable(remote)),
                        Hint.of(
                                "same-name",
                                "Leave one of them out, or store on a disk that tells upper from lower case."));
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            for (String folder : parents(file.getKey())) {
                String clash = files.get(folder);
                if (clash != null) {
                    return refused(file.getValue(), "\"" + printable(clash) + "\" is listed as a file");
                }
            }
        }
        return null;
    }

    /** As {@link #resolve}, for a local directory: refuses what would land in the bookkeeping. */
    public static Path resolveLocal(Path root, String remote) {
        refuseBookkeeping(remote);
        return resolve(root, remote);
    }

    private static @Nullable String objection(String remote, boolean windows) {
        if (remote.isEmpty()) {
            return "it is empty";
        }
        if (remote.chars().anyMatch(Character::isISOControl)) {
            return "it has control characters in it";
        }
        if (remote.startsWith("/") || remote.startsWith("\\")) {
            return "it is absolute";
        }
        for (String segment : SEPARATOR.split(remote, -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return "it has an empty, \".\" or \"..\" part";
            }
            if (isDrive(segment)) {
                return "it names a drive";
            }
            if (isGit(segment)) {
                return "it would write into a .git folder";
            }
        }
        for (String segment : remote.split("/")) {
            if (segment.startsWith("\\")) {
                return "it is absolute on Windows";
            }
            if (length(segment, windows) > LONGEST_SEGMENT) {
                return "a part of it is longer than " + LONGEST_SEGMENT + " bytes";
            }
            if (windows && !isWindowsName(segment)) {
                return "Windows does not allow that name";
            }
        }
        return null;
    }

    private static boolean isWindowsName(String segment) {
        return !WINDOWS_FORBIDDEN.matcher(segment).find()
                && !WINDOWS_DEVICE.matcher(segment).matches()
                && !segment.endsWith(".")
                && !segment.endsWith(" ");
    }

    private static boolean isDrive(String segment) {
        char letter = Character.toLowerCase(segment.charAt(0));
        return segment.length() > 1 && segment.charAt(1) == ':' && letter >= 'a' && letter <= 'z';
    }

    /** Also in disguises that macOS (invisible characters) and Windows (short names, trailing dots) see through. */
    private static boolean isGit(String segment) {
        char first = segment.charAt(0);
        if (first != '.' && first != 'g' && first != 'G' && first < 0x80) {
            // Nearly every name, of which a large dataset has many.
            return false;
        }
        String plain = INVISIBLE.matcher(segment).replaceAll("").toLowerCase(Locale.ROOT);
        return TRAILING.matcher(plain).replaceAll("").equals(".git") || plain.equals("git~1");
    }

    private static void refuseBookkeeping(String remote) {
        String folded = NameFolding.ALL.key(remote).replace('\\', '/');
        List<String> places = new ArrayList<>(parents(folded));
        places.remove(".cache");
        places.add(folded);
        if (places.stream().anyMatch(OURS::contains)) {
            throw refused(remote, "it would land in the bookkeeping below .cache");
        }
    }

    private static List<String> parents(String path) {
        List<String> parents = new ArrayList<>();
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            parents.add(path.substring(0, slash));
        }
        return parents;
    }

    private static int length(String segment, boolean windows) {
        return windows ? segment.length() : segment.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isWindows(Path path) {
        return path.getFileSystem().getSeparator().equals("\\");
    }

    private static FetchException.Storage refused(String remote, String reason) {
        return new FetchException.Storage(
                Message.of(
                        "hostile-name",
                        "The repository lists \"{0}\", which is not safe to store here: {1}.",
                        printable(remote),
                        new Phrase.Clause(reason)),
                Hint.of("hostile-name", "Leave it out if the rest of the repository is trustworthy."));
    }

    /** Text from elsewhere that does nothing to a terminal, cut where it goes on for too long. */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(300).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}

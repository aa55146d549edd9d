package dev.modelfetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files of a repository are wanted. A path is taken when a file or include pattern names it, or there is none,
 * and no exclude pattern does. Patterns follow Python's {@code fnmatch} on the whole path, where {@code *} crosses {@code /}.
 */
public final class Selection {

    private static final Selection ALL = new Selection(List.of(), List.of(), List.of(), List.of());

    /** To the letter, whatever characters they are made of; a folder ends in a slash. */
    private final List<String> literal;

    private final List<String> files;
    private final List<String> includes;
    private final List<String> wanted;
    private final List<String> unwanted;
    /** Those wanted by name are looked up: tens of thousands may be. */
    private final Set<String> names;

    private final List<Glob> include;
    private final List<Glob> exclude;

    private Selection(List<String> literal, List<String> files, List<String> include, List<String> exclude) {
        this.literal = List.copyOf(literal);
        this.files = List.copyOf(files);
        this.includes = List.copyOf(include);
        this.wanted = Stream.concat(files.stream(), include.stream()).toList();
        this.unwanted = List.copyOf(exclude);
        this.names = Stream.concat(
                        literal.stream(),
                        wanted.stream().filter(text -> !Glob.isPattern(text)).map(Selection::slashed))
                .collect(Collectors.toSet());
        this.include = wanted.stream().filter(Glob::isPattern).map(Glob::new).toList();
        this.exclude = unwanted.stream().map(Glob::new).toList();
    }

    /** Everything. */
    public static Selection all() {
        return ALL;
    }

    /**
     * @param files exact paths, or patterns where they contain any of {@code *?[} or end in {@code /}
     * @param include patterns
     * @param exclude patterns; they win
     */
    public static Selection of(List<String> files, List<String> include, List<String> exclude) {
        return new Selection(List.of(), files, include, exclude);
    }

    /**
     * Also what has that very path, whatever characters it is made of, as an address names it.
     *
     * @param path ends in {@code /} for everything below a folder
     */
    public Selection withLiteral(String path) {
        List<String> more = new ArrayList<>(literal);
        more.add(slashed(path));
        return new Selection(more, files, includes, unwanted);
    }

    /**
     * The same in view of what there is: a file given like a pattern is meant to the letter where there is one of that
     * name, and so is a folder.
     */
    public Selection among(Set<String> paths) {
        if (files.stream().noneMatch(Glob::isPattern)) {
            return this;
        }
        List<String> exact = new ArrayList<>(literal);
        List<String> patterns = new ArrayList<>();
        for (String file : files) {
            boolean there =
                    file.endsWith("/") ? paths.stream().anyMatch(path -> path.startsWith(file)) : paths.contains(file);
            (there ? exact : patterns).add(file);
        }
        return new Selection(exact, patterns, includes, unwanted);
    }

    /** Whether that path is wanted. */
    public boolean matches(String path) {
        String slashed = slashed(path);
        boolean everything = wanted.isEmpty() && literal.isEmpty();
        return (everything
                        || names.contains(slashed)
                        || literal.stream().anyMatch(folder -> folder.endsWith("/") && slashed.startsWith(folder))
                        || include.stream().anyMatch(glob -> glob.matches(slashed)))
                && exclude.stream().noneMatch(glob -> glob.matches(slashed));
    }

    private static String slashed(String path) {
        return path.replace('\\', '/');
    }

    /** The paths that were asked for by their exact name; each must exist. */
    public List<String> exactFiles() {
        return Stream.concat(
                        literal.stream().filter(path -> !path.endsWith("/")),
                        files.stream().filter(file -> !Glob.isPattern(file)))
                .toList();
    }

    /** The one exact path, when the request is for a single file and nothing else. */
    public Optional<String> singleFile() {
        return wanted.size() + literal.size() == 1 && exactFiles().size() == 1
                ? Optional.of(exactFiles().get(0))
                : Optional.empty();
    }

    /** Whether this selects every file of any repository. */
    public boolean isEverything() {
        return wanted.isEmpty() && literal.isEmpty() && unwanted.isEmpty();
    }

    @Override
    public String toString() {
        return isEverything()
                ? "everything"
                : Stream.concat(literal.stream(), wanted.stream()).toList()
                        + (unwanted.isEmpty() ? "" : " without " + unwanted);
    }

    /** One pattern; also matches a path that is spelt exactly like it, so that odd names can be asked for. */
    private static final class Glob {
        private final String text;
        private final Pattern pattern;

        Glob(String text) {
            String slashed = slashed(text);
            this.text = slashed.endsWith("/") ? slashed + "*" : slashed;
            this.pattern = Pattern.compile(translate(this.text), Pattern.DOTALL);
        }

        static boolean isPattern(String text) {
            return text.endsWith("/") || text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
        }

        boolean matches(String slashed) {
            return text.equals(slashed) || pattern.matcher(slashed).matches();
        }

        private static String translate(String glob) {
            StringBuilder regex = new StringBuilder();
            for (int i = 0; i < glob.length(); i++) {
                char c = glob.charAt(i);
                int end = c == '[' ? endOfSet(glob, i) : -1;
                if (c == '*') {
                    regex.append(".*");
                } else if (c == '?') {
                    regex.append('.');
                } else if (end > 0) {
                    regex.append(set(glob.substring(i + 1, end)));
                    i = end;
                } else {
                    // By code point: the regex engine does not put the quoted halves of a pair together again.
                    String whole = Character.toString(glob.codePointAt(i));
                    regex.append(Pattern.quote(whole));
                    i += whole.length() - 1;
                }
            }
            return regex.toString();
        }

        /** A {@code ]} directly after {@code [} or {@code [!} is literal; an unclosed {@code [} is too. */
        private static int endOfSet(String glob, int open) {
            int from = open + 1;
            if (from < glob.length() && glob.charAt(from) == '!') {
                from++;
            }
            return glob.indexOf(']', from + 1);
        }

        private static String set(String inside) {
            boolean not = inside.startsWith("!");
            String body = not ? inside.substring(1) : inside;
            StringBuilder members = new StringBuilder();
            for (int i = 0; i < body.length(); i++) {
                char low = body.charAt(i);
                if (i + 2 < body.length() && body.charAt(i + 1) == '-') {
                    char high = body.charAt(i + 2);
                    if (low <= high) {
                        members.append(member(low)).append('-').append(member(high));
                    }
                    i += 2;
                } else {
                    members.append(member(low));
                }
            }
            if (members.isEmpty()) {
                // Only reversed ranges were given: nothing matches, or with ! anything.
                return not ? "." : "(?!)";
            }
            return (not ? "[^" : "[") + members + "]";
        }

        private static String member(char c) {
            return String.format("\\u%04x", (int) c);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

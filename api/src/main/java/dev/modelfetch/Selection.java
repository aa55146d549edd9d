package dev.modelfetch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a repository are wanted. Immutable; every method that says more returns another selection.
 *
 * <p>A path is offered when a file or include pattern names it, or there is none, and no exclude pattern and no condition
 * is against it. Of what is offered {@link #weights}, {@link #gguf} or {@link #configOnly} take their part; a file named
 * exactly comes besides. Patterns follow Python's {@code fnmatch} on the whole path: {@code *} also matches {@code
 * /}, and a pattern that ends in {@code /} means everything below.
 */
public final class Selection {

    private static final Selection ALL =
            new Selection(List.of(), List.of(), List.of(), List.of(), List.of(), Portion.WHOLE);

    /** To the letter, whatever characters they are made of; a folder ends in a slash. */
    private final List<String> literal;

    /** Paths, or patterns where they look like it. */
    private final List<String> files;

    private final List<String> includes;
    private final List<String> excludes;
    private final List<Predicate<? super RepoFile>> conditions;
    private final Portion portion;

    /** Those wanted by name are looked up: tens of thousands may be. */
    private final Set<String> named;

    private final Set<String> included;
    private final List<String> folders;
    private final List<Glob> include;
    private final List<Glob> exclude;

    private Selection(
            List<String> literal,
            List<String> files,
            List<String> includes,
            List<String> excludes,
            List<Predicate<? super RepoFile>> conditions,
            Portion portion) {
        this.literal = List.copyOf(literal);
        this.files = List.copyOf(files);
        this.includes = List.copyOf(includes);
        this.excludes = List.copyOf(excludes);
        this.conditions = List.copyOf(conditions);
        this.portion = portion;
        this.named = Set.copyOf(exactFiles());
        this.folders = literal.stream().filter(path -> path.endsWith("/")).toList();
        this.included = includes.stream()
                .filter(text -> !Glob.isPattern(text))
                .map(Selection::slashed)
                .collect(Collectors.toUnmodifiableSet());
        this.include = Stream.concat(files.stream(), includes.stream())
                .filter(Glob::isPattern)
                .map(Glob::new)
                .toList();
        this.exclude = excludes.stream().map(Glob::new).toList();
    }

    /** Everything. */
    public static Selection all() {
        return ALL;
    }

    /**
     * As a command line has it.
     *
     * @param files exact paths, or patterns where they contain any of {@code *?[} or end in {@code /} and nothing is
     *     called just that
     * @param include patterns
     * @param exclude patterns; they win
     */
    public static Selection of(List<String> files, List<String> include, List<String> exclude) {
        return new Selection(List.of(), files, include, exclude, List.of(), Portion.WHOLE);
    }

    /**
     * Also these very paths, whatever characters they are made of. Each must exist.
     *
     * @param paths from the repository root; one that ends in {@code /} means everything below that folder
     */
    public Selection files(String... paths) {
        return new Selection(more(literal, paths), files, includes, excludes, conditions, portion);
    }

    /** Also what matches any of these patterns. */
    public Selection include(String... globs) {
        return new Selection(literal, files, more(includes, globs), excludes, conditions, portion);
    }

    /** Nothing that matches any of these patterns, whatever else is said. */
    public Selection exclude(String... globs) {
        return new Selection(literal, files, includes, more(excludes, globs), conditions, portion);
    }

    /**
     * Only rows of the listing, or of the lock file, for which the condition holds. Two selections are equal only if they share the very object.
     *
     * @param condition called on the thread of a job, once or more for each row; without side effects
     */
    public Selection where(Predicate<? super RepoFile> condition) {
        List<Predicate<? super RepoFile>> more = new ArrayList<>(conditions);
        more.add(Objects.requireNonNull(condition, "condition"));
        return new Selection(literal, files, includes, excludes, more, portion);
    }

    /**
     * What is no weights, such as configuration and tokenizer, and the weights of that format: what a program that loads
     * it needs, and not the same model once more. One variant of each ({@code model.safetensors} rather than {@code
     * model.fp16.safetensors}), all parts of it, in every folder that has any; no copies for other programs ({@code
     * original/}, {@code consolidated.*}), no exports in folders of their own ({@code onnx/}, {@code openvino/}), no states
     * of the training ({@code optimizer.pt}, {@code checkpoint-500/}). Replaces an earlier {@code weights}, {@code gguf}
     * or {@code configOnly}.
     */
    public Selection weights(Weights wanted) {
        return taking(new OneFormat(Objects.requireNonNull(wanted, "weights")));
    }

    /**
     * One GGUF quantisation: the file or all its parts, and the projector ({@code mmproj}) that belongs to it, F16 if
     * there are several. Nothing else, as llama.cpp needs nothing else: tokenizer and template are inside. Replaces an
     * earlier {@code weights}, {@code gguf} or {@code configOnly}.
     *
     * @param quantisation its name in any case, for example {@code Q4_K_M}; it does not stand for {@code IQ4_K_M} or
     *     {@code Q4_K_M_L}
     * @throws FetchException.Usage if that cannot be a name of one
     */
    public Selection gguf(String quantisation) {
        return taking(new OneQuantisation(Objects.requireNonNull(quantisation, "quantisation")));
    }

    /**
     * Configuration, tokenizer, licence and other short texts; no weights. Replaces an earlier {@code weights}, {@code
     * gguf} or {@code configOnly}.
     */
    public Selection configOnly() {
        return taking(Portion.CONFIGURATION);
    }

    private Selection taking(Portion part) {
        return new Selection(literal, files, includes, excludes, conditions, part);
    }

    private static List<String> more(List<String> said, String... further) {
        Stream<String> each = Arrays.stream(Objects.requireNonNull(further, "paths"));
        return Stream.concat(said.stream(), each.map(path -> Objects.requireNonNull(path, "path")))
                .toList();
    }

    /**
     * The selected rows of a listing, in its order.
     *
     * @throws FetchException.NotFound if a file named exactly is missing, nothing is selected, the weights wanted are not
     *     there, or a part of them is not listed
     * @throws FetchException.Usage if several models could be meant
     */
    public List<RepoFile> from(Manifest manifest) {
        Selection meant = among(manifest.paths());
        for (String exact : meant.exactFiles()) {
            if (manifest.file(exact).isEmpty()) {
                throw missing(exact, manifest);
            }
        }
        List<RepoFile> offered = manifest.files().stream().filter(meant::offers).toList();
        Set<RepoFile> taken = new HashSet<>(portion.of(offered, manifest));
        List<RepoFile> wanted = manifest.files().stream()
                .filter(file -> taken.contains(file) || (meant.names(file.path()) && meant.allows(file)))
                .toList();
        if (wanted.isEmpty() && !isEverything()) {
            throw new FetchException.NotFound(
                    Message.of("no-match", "No file of {0} matches {1}.", manifest.repo(), words()), look(manifest));
        }
        return wanted;
    }

    private static FetchException.NotFound missing(String exact, Manifest manifest) {
        String folder = exact + "/";
        // Also what is no source, as a lock file.
        Phrase.Clause lister = new Phrase.Clause(manifest.source());
        boolean isFolder = manifest.paths().stream().anyMatch(path -> path.startsWith(folder));
        return new FetchException.NotFound(
                isFolder
                        ? Message.of(
                                "file-is-folder",
                                "{0} is a folder in {1} as {2} lists it (revision {3}).",
                                exact,
                                manifest.repo(),
                                lister,
                                manifest.revision())
                        : Message.of(
                                "no-such-file",
                                "There is no file {0} in {1} as {2} lists it (revision {3}).",
                                exact,
                                manifest.repo(),
                                lister,
                                manifest.revision()),
                isFolder
                        ? Hint.of("whole-folder", "Everything below it is asked for as " + folder, folder)
                        : look(manifest));
    }

    private static Hint look(Manifest manifest) {
        String family = manifest.repo().family();
        return Hint.of("list", "List what there is.", (family == null ? "" : family + "://") + manifest.repo());
    }

    /**
     * The same in view of what there is: a file given like a pattern is meant to the letter where there is one of that
     * name, and so is a folder.
     */
    private Selection among(Set<String> paths) {
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
        return new Selection(exact, patterns, includes, excludes, conditions, portion);
    }

    /** Whether the paths and patterns want that path. */
    boolean matches(String path) {
        return (offers(path) || names(path)) && !excludes(path);
    }

    private boolean offers(RepoFile file) {
        return offers(file.path()) && allows(file);
    }

    private boolean offers(String path) {
        String slashed = slashed(path);
        return offersAll()
                || included.contains(slashed)
                || folders.stream().anyMatch(path::startsWith)
                || include.stream().anyMatch(glob -> glob.matches(slashed));
    }

    /** Whether nothing is said that narrows; names alone do so only where no part is asked for. */
    private boolean offersAll() {
        return included.isEmpty()
                && folders.isEmpty()
                && include.isEmpty()
                && (named.isEmpty() || portion != Portion.WHOLE);
    }

    private boolean names(String path) {
        return named.contains(path) || named.contains(slashed(path));
    }

    private boolean allows(RepoFile file) {
        return !excludes(file.path()) && conditions.stream().allMatch(condition -> condition.test(file));
    }

    private boolean excludes(String path) {
        String slashed = slashed(path);
        return exclude.stream().anyMatch(glob -> glob.matches(slashed));
    }

    private static String slashed(String path) {
        return path.replace('\\', '/');
    }

    /** The paths that were asked for by their exact name; each must exist. */
    private List<String> exactFiles() {
        return Stream.concat(
                        literal.stream().filter(path -> !path.endsWith("/")),
                        files.stream().filter(file -> !Glob.isPattern(file)).map(Selection::slashed))
                .toList();
    }

    /** Whether it is for a single file by its exact name and for nothing else, in view of what there is. */
    public boolean isSingleFile(Manifest manifest) {
        Selection meant = among(manifest.paths());
        return portion == Portion.WHOLE
                && meant.named.size() == 1
                && meant.literal.size() + meant.files.size() + meant.includes.size() == 1;
    }

    /** Whether this selects every file of any repository. */
    public boolean isEverything() {
        return equals(ALL);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Selection that
                && literal.equals(that.literal)
                && files.equals(that.files)
                && includes.equals(that.includes)
                && excludes.equals(that.excludes)
                && conditions.equals(that.conditions)
                && portion.equals(that.portion);
    }

    @Override
    public int hashCode() {
        return Objects.hash(literal, files, includes, excludes, conditions, portion);
    }

    /** In the words of a message; of a condition it says only that there is one. */
    @Override
    public String toString() {
        return words().text();
    }

    private Phrase words() {
        List<String> wanted =
                Stream.of(literal, files, includes).flatMap(List::stream).toList();
        Phrase part = portion == Portion.WHOLE
                ? wanted.isEmpty() ? new Phrase.Clause("everything") : new Phrase.Text(wanted.toString())
                : wanted.isEmpty()
                        ? new Phrase.Clause(portion.toString())
                        : Message.of("part-of", "{0} of {1}", new Phrase.Clause(portion.toString()), wanted);
        Phrase kept = excludes.isEmpty() ? part : Message.of("part-without", "{0} without {1}", part, excludes);
        return conditions.isEmpty() ? kept : Message.of("part-under-condition", "{0} under a condition", kept);
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

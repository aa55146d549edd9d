package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every code that the sources use has Chinese words with the same places, and no catalogue keeps words nobody says. */
class FailureWordsTest {

    private static final String LITERAL = "\"((?:[^\"\\\\]|\\\\.)*)\"";

    private static final Pattern MESSAGE = Pattern.compile("Message\\.of\\(\\s*" + LITERAL + ",\\s*" + LITERAL);
    private static final Pattern HINT = Pattern.compile("Hint\\.of\\(\\s*" + LITERAL);
    private static final Pattern ANY = Pattern.compile(LITERAL);

    /** Literals that are one text, cut in two for the width of the page. */
    private static final Pattern SEAM = Pattern.compile("\"\\s*\\+\\s*\"");

    /** A value between two literals. */
    private static final Pattern VALUE = Pattern.compile("\"\\s*\\+[^\";]*?\\+\\s*\"");

    private static final Map<String, Set<String>> TEMPLATES = new TreeMap<>();
    private static final Set<String> HINTS = new TreeSet<>();
    private static String sources = "";

    @BeforeAll
    static void read() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String module : new String[] {"api", "cli", "source-huggingface", "source-mirror", "source-modelscope"}) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> all.append(text(file)));
            }
        }
        sources = SEAM.matcher(all).replaceAll("");
        Matcher message = MESSAGE.matcher(sources);
        while (message.find()) {
            TEMPLATES.computeIfAbsent(message.group(1), any -> new TreeSet<>()).add(message.group(2));
        }
        Matcher hint = HINT.matcher(sources);
        while (hint.find()) {
            HINTS.add(hint.group(1));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyCodeStandsForOneSentence() {
        assertThat(TEMPLATES).hasSizeGreaterThan(120);
        assertThat(TEMPLATES)
                .allSatisfy((code, templates) -> assertThat(templates).as(code).hasSize(1));
        assertThat(sources)
                .as("a code that this test cannot read")
                .doesNotContainPattern("Message\\.of\\(\\s*[^\\s\"]");
    }

    @Test
    void everySentenceCanBeSaidInChineseAndNoOtherIsKept() {
        ResourceBundle chinese = Messages.chinese().bundle();

        assertThat(keys("fail.")).isEqualTo(TEMPLATES.keySet());
        TEMPLATES.forEach((code, templates) -> templates.forEach(template -> {
            String said = chinese.getString("fail." + code);
            assertThat(MessagesTest.placeholders(said)).as(code).isEqualTo(MessagesTest.placeholders(template));
        }));
    }

    @Test
    void everyHintWithACodeIsSaidSomewhere() {
        assertThat(HINTS).containsAll(keys("hint."));
    }

    @Test
    void everySentenceAndClauseOfTheCatalogueIsSaidSomewhere() {
        Set<String> said = new TreeSet<>();
        String withPlaces = VALUE.matcher(sources).replaceAll("{0}");
        for (String text : new String[] {sources, withPlaces}) {
            Matcher literal = ANY.matcher(text);
            while (literal.find()) {
                said.add(literal.group(1).replace("\\\"", "\""));
            }
        }
        String all = String.join("\n", said);
        ResourceBundle english = Messages.english().bundle();
        assertThat(english.keySet())
                .filteredOn(key -> key.startsWith("say.") || key.startsWith("clause."))
                // Those are not ours.
                .filteredOn(key -> !key.startsWith("clause.system."))
                .filteredOn(key -> !Stream.of(english.getString(key).split("\\{\\d\\}|\\d+|[:,\\[\\]]"))
                        .allMatch(words -> all.contains(words.strip())))
                .isEmpty();
    }

    @Test
    void aClauseHasTheKeyThatIsMadeOfItsWords() {
        ResourceBundle english = Messages.english().bundle();

        assertThat(english.keySet().stream().filter(key -> key.startsWith("clause.")))
                .isNotEmpty()
                .allSatisfy(
                        key -> assertThat(Messages.keyOf(english.getString(key)).replace("say.", ""))
                                .isEqualTo(key.replaceFirst("clause\\.(system\\.)?", "")));
    }

    private static Set<String> keys(String prefix) {
        return Messages.chinese().bundle().keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

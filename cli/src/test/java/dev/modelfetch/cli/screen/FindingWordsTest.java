package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the engine may find has words here, in English the engine's own. */
class FindingWordsTest {

    private static final Path DOCTOR = Path.of("../api/src/main/java/dev/modelfetch/internal/doctor");

    /** A code and its text, as they stand in the source. */
    private static final Pattern SAID =
            Pattern.compile("(Hint\\.of\\(\\s*)?\"([a-z]+(?:-[a-z]+)*)\",\\s*\"((?:[^\"\\\\]|\\\\.)+)\"");

    private static final Map<String, String> FINDINGS = new TreeMap<>();
    private static final Set<String> HINTS = new TreeSet<>();

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> files = Files.list(DOCTOR)) {
            for (Path file : files.toList()) {
                Matcher said = SAID.matcher(Files.readString(file));
                while (said.find()) {
                    if (said.group(1) == null) {
                        FINDINGS.put("finding." + said.group(2), said.group(3));
                    } else {
                        HINTS.add("hint." + said.group(2));
                    }
                }
            }
        }
    }

    @Test
    void everyFindingHasTheEnginesWordsAndNoOthersAreKept() {
        Map<String, String> words = new TreeMap<>();
        var english = Messages.english().bundle();
        english.keySet().stream()
                .filter(key -> key.startsWith("finding."))
                .forEach(key -> words.put(key, english.getString(key)));

        assertThat(FINDINGS).hasSizeGreaterThan(40).isEqualTo(words);
    }

    @Test
    void everyHintHasWordsOfOurOwn() {
        assertThat(HINTS)
                .hasSizeGreaterThan(15)
                .isSubsetOf(Messages.english().bundle().keySet());
    }

    @Test
    void everythingThatIsLookedAtHasAName() {
        for (Finding.Check check : Finding.Check.values()) {
            assertThat(Messages.chinese().say("check." + check.word())).isNotEmpty();
        }
        for (Finding.State state : Finding.State.values()) {
            assertThat(Messages.chinese().say("doctor." + state.word())).isNotEmpty();
        }
    }
}

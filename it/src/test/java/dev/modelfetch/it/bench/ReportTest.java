package dev.modelfetch.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final Fixture ours = new Fixture("ours");
    private final Fixture quick = new Fixture("quick");
    private final Fixture slow = new Fixture("slow");
    private final Fixture curl = new Fixture(Curl.CHECKED);

    @Test
    void theRatioIsTakenToTheQuickestPeer() {
        String report = report("d", ours.took(4, 1), quick.took(5, 1), slow.took(8, 1));

        assertThat(report)
                .contains("0.80x", "1.00x", "1.60x")
                .contains("met: 0.80 times the time of the best peer (quick)");
    }

    @Test
    void beingSlowerThanOnePeerMissesTheAim() {
        assertThat(report("d", ours.took(6, 1), quick.took(5, 1), slow.took(8, 1)))
                .contains("missed: 1.20 times the time of the best peer (quick)");
    }

    @Test
    void aPeerThatFailedIsNobodyToBeComparedWith() {
        assertThat(report("d", ours.took(6, 1), quick.failedAfter(1), slow.took(8, 1)))
                .contains("(slow)")
                .contains("exit 7: no route");
    }

    @Test
    void ourOwnFailureIsNeverAnAimMet() {
        assertThat(report("a", ours.failedAfter(1), slow.took(8, 1)))
                .contains("missed: ours did not finish")
                .doesNotContain("met:");
    }

    @Test
    void theShareOfTheLineIsBytesBySecondsByTheLimitOfAllLines() {
        Scenario scenario = scenario("a");
        double ideal = scenario.size() / (double) scenario.limit();

        assertThat(report("a", ours.took(2 * ideal, 1), slow.took(90, 1))).contains("missed: 50.0 % of the line");
    }

    @Test
    void processorTimeCountsWhereTheLineHasNoLimit() {
        assertThat(report("e", ours.took(9, 6), quick.took(1, 1), curl.took(5, 5)))
                .contains("met: 1.20 times the CPU of curl + sha256sum");
    }

    private static Scenario scenario(String letter) {
        return new Scenarios(0.02)
                .all().stream()
                        .filter(scenario -> scenario.letter().equals(letter))
                        .findFirst()
                        .orElseThrow();
    }

    private static String report(String letter, Outcome... outcomes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Report(scenario(letter), List.of(outcomes), Map.of())
                .print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

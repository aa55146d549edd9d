package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import dev.modelfetch.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NarratorTest {

    private static final FetchEvent USABLE = new FetchEvent.Probed(Samples.NOON, Samples.usable("modelscope", 230));
    private static final FetchEvent DOWN = new FetchEvent.Probed(Samples.NOON, Samples.down("huggingface", 2800));
    private static final FetchEvent SWITCH =
            new FetchEvent.SourceSwitched(Samples.NOON, "a", "mirror", "modelscope", "slow");

    private static List<String> heard(Narrator narrator, FetchEvent event) {
        return narrator.after(event).stream().map(Line::text).toList();
    }

    @Test
    void oneLineSaysWhichSourceAndWhy() {
        Narrator narrator = new Narrator(Messages.english(), false);
        heard(narrator, USABLE);

        assertThat(heard(narrator, Samples.resolved(Identity.PROVED, 12, 2_900_000)))
                .containsExactly(
                        "source: modelscope (0.23 s), master at 0123456789ab, 12 files, 2.9 MB: first to answer");
    }

    @Test
    void anUnprovedNamesakeIsNoted() {
        List<Line> lines = new Narrator(Messages.english(), false).after(Samples.resolved(Identity.UNPROVED, 1, 1));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(1).ink()).isEqualTo(Ink.NOTE);
        assertThat(lines.get(1).text()).startsWith("note: modelscope lists lab/tiny, but no Hub listing");
    }

    @Test
    void thatTheStoreAnswersIsForTheCuriousOnly() {
        FetchEvent stored = Samples.stored();

        assertThat(heard(new Narrator(Messages.english(), false), stored)).isEmpty();
        assertThat(heard(new Narrator(Messages.english(), true), stored))
                .containsExactly("source: cache, master at 0123456789ab, 2 files, 99 B: all of it is stored");
    }

    @Test
    void verboseShowsEveryProbeBeforeTheChoiceAndLateOnesAfterIt() {
        Narrator narrator = new Narrator(Messages.english(), true);
        heard(narrator, USABLE);

        assertThat(heard(narrator, Samples.resolved(Identity.SAME, 1, 1)))
                .hasSize(3)
                .startsWith(
                        "SOURCE      ENDPOINT                    ROUTE   ANSWER  MS   DETAIL",
                        "modelscope  https://modelscope.example  direct  usable  230  commit " + Samples.COMMIT);
        assertThat(heard(narrator, DOWN))
                .containsExactly("late answer of huggingface: down after 2800 ms: connect timed out");
    }

    @Test
    void verboseShowsTheLastProbeOfEachSourceOfAFailureToo() {
        Narrator narrator = new Narrator(Messages.english(), true);
        heard(narrator, new FetchEvent.Probed(Samples.NOON, Samples.down("huggingface", 100)));
        heard(narrator, DOWN);

        assertThat(heard(narrator, new FetchEvent.Failed(Samples.NOON, Samples.gated(), List.of())))
                .hasSize(2)
                .last()
                .asString()
                .contains("huggingface", "down", "2800", "connect timed out");
    }

    @Test
    void switchesAndRetriesAreForTheCuriousOnly() {
        FetchEvent retry = new FetchEvent.Retrying(Samples.NOON, "a", "mirror", "reset", Duration.ofSeconds(2));

        assertThat(heard(new Narrator(Messages.english(), false), SWITCH)).isEmpty();
        assertThat(heard(new Narrator(Messages.english(), false), retry)).isEmpty();
        assertThat(heard(new Narrator(Messages.english(), true), SWITCH))
                .containsExactly("a: from mirror to modelscope: slow");
        assertThat(heard(new Narrator(Messages.english(), true), retry))
                .containsExactly("a: mirror: reset; next attempt in 2.00 s");
    }

    @Test
    void verboseTellsOfEveryHostThatJoinsAndEveryOneThatIsLeft() {
        Narrator narrator = new Narrator(Messages.english(), true);

        assertThat(heard(narrator, Samples.joined(1, "modelscope")))
                .containsExactly("modelscope joined (data.modelscope.example, direct)");
        for (int second : List.of(2, 3)) {
            assertThat(heard(narrator, Samples.left(second, "huggingface", "8 kB/s, mirror has 2 MB/s")))
                    .containsExactly(
                            "huggingface via data.huggingface.example left for now: 8 kB/s, mirror has 2 MB/s");
        }
    }

    @Test
    void thatASourceIsLeftIsWorthALineOnceAndOnlyIfItHadDelivered() {
        Narrator narrator = new Narrator(Messages.english(), false);

        assertThat(heard(narrator, Samples.left(0, "huggingface", "no answer"))).isEmpty();
        assertThat(heard(narrator, Samples.joined(1, "mirror"))).isEmpty();
        assertThat(heard(narrator, Samples.left(2, "mirror", "too many requests")))
                .containsExactly("note: mirror is left for now: too many requests");
        heard(narrator, Samples.joined(100, "mirror"));
        assertThat(heard(narrator, Samples.left(200, "mirror", "too many requests")))
                .isEmpty();
    }

    @Test
    void whenManyAreLeftAtOnceOneLineAMinuteIsEnough() {
        Narrator narrator = new Narrator(Messages.english(), false);
        for (String source : List.of("huggingface", "mirror", "modelscope")) {
            heard(narrator, Samples.joined(1, source));
        }

        assertThat(heard(narrator, Samples.left(2, "huggingface", "reset"))).hasSize(1);
        assertThat(heard(narrator, Samples.left(61.9, "mirror", "reset"))).isEmpty();
        assertThat(heard(narrator, Samples.left(62, "modelscope", "reset"))).hasSize(1);
    }

    @Test
    void aListThatIsNotCompleteIsAlwaysSaid() {
        FetchEvent.Resolved whole = Samples.resolved(Identity.SAME, 2, 99);
        Manifest manifest = whole.manifest();
        Manifest cut = new Manifest(
                manifest.source(),
                manifest.family(),
                manifest.repo(),
                manifest.revision(),
                manifest.commit(),
                manifest.files(),
                false);
        FetchEvent resolved =
                new FetchEvent.Resolved(Samples.NOON, cut, Identity.SAME, "because", whole.selected(), whole.probes());

        assertThat(heard(new Narrator(Messages.english(), false), whole))
                .noneMatch(line -> line.contains("not complete"));
        assertThat(heard(new Narrator(Messages.english(), false), resolved))
                .anyMatch(line -> line.contains("the listing of " + cut.source() + " is not complete"));
    }

    @Test
    void whatAJobWaitsForIsAlwaysSaid() {
        FetchEvent waiting = new FetchEvent.Waiting(
                Samples.NOON, Samples.NOON, null, null, Map.of("cache", "another process is fetching a"));

        assertThat(heard(new Narrator(Messages.english(), false), waiting))
                .containsExactly("waiting: another process is fetching a");
    }

    @Test
    void aWaitForTheNetworkIsToldElsewhere() {
        assertThat(heard(new Narrator(Messages.english(), true), Samples.away(3, 0)))
                .isEmpty();
    }

    @Test
    void aDigestThatDoesNotMatchIsAlwaysSaid() {
        Narrator narrator = new Narrator(Messages.english(), false);

        assertThat(heard(
                        narrator,
                        new FetchEvent.Verified(Samples.NOON, "a", false, "expected 1, found 2; fetching again")))
                .containsExactly("a: expected 1, found 2; fetching again");
        assertThat(heard(narrator, new FetchEvent.Verified(Samples.NOON, "a", true, "")))
                .isEmpty();
    }
}

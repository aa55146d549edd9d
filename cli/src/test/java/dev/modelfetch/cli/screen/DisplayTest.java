package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import dev.modelfetch.Verification;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DisplayTest {

    private static final String AWAY =
            "network away for 0:03 (huggingface: name not found; mirror: connection refused), "
                    + "next try in 8 s, gives up in 9:57";
    private static final String BACK = "back after 0:43: modelscope answers";

    /** A job that loses the network for 43 seconds. */
    private static final List<FetchEvent> LOST = List.of(
            Samples.resolved(Identity.SAME, 1, 999),
            Samples.joined(0, "mirror"),
            Samples.away(3, 0),
            Samples.away(4, 0),
            Samples.left(5, "mirror", "connection refused"),
            Samples.back(43, 0));

    private final MemoryConsole screen = new MemoryConsole();

    private List<String> heard(Progress progress, boolean verbose, List<FetchEvent> events) {
        // Not begun, so that nothing is painted in between.
        try (Display display = new Display(
                screen.console(),
                Messages.english(),
                progress,
                false,
                verbose,
                Clock.fixed(Samples.NOON, ZoneOffset.UTC),
                ZoneOffset.UTC)) {
            events.forEach(display::onEvent);
        }
        return screen.err().lines().skip(1).toList();
    }

    @Test
    void inALogTheWaitHasOneLineAtEachEnd() {
        assertThat(heard(Progress.PLAIN, false, LOST))
                .containsExactly(
                        "12:00:03  " + AWAY,
                        "12:00:05  note: mirror is left for now: connection refused",
                        "12:00:43  " + BACK,
                        "12:00:43  0%  0 of 999 B  0/1 files");
    }

    @Test
    void withoutProgressTheWaitIsToldTheSameWay() {
        assertThat(heard(Progress.NONE, false, LOST))
                .containsExactly(AWAY, "note: mirror is left for now: connection refused", BACK);
    }

    @Test
    void whereTheWaitIsSeenCountingItIsNotToldAsWell() {
        for (Progress progress : List.of(Progress.BAR, Progress.FILES)) {
            assertThat(heard(progress, false, LOST))
                    .noneMatch(line -> line.contains("network") || line.contains("back"));
        }
    }

    @Test
    void theCuriousHearOfItNevertheless() {
        assertThat(heard(Progress.BAR, true, LOST)).contains(AWAY, BACK);
    }

    @Test
    void anotherProcessIsWaitedForInTheSameWordsAsEver() {
        FetchEvent waiting = new FetchEvent.Waiting(
                Samples.at(5), Samples.at(3), null, null, Map.of("cache", "another process is fetching a"));

        assertThat(heard(Progress.BAR, false, List.of(Samples.resolved(Identity.SAME, 1, 999), waiting)))
                .containsExactly("waiting: another process is fetching a");
    }

    /** What an offline job tells is for programs; people read its summary. */
    @Test
    void whatTheStoreAnswersTakesNoLineOfAnyScreen() {
        List<FetchEvent> stored = List.of(
                Samples.stored(),
                new FetchEvent.FileDone(Samples.at(2), Samples.item("a", 9, Verification.SELF, "cache")),
                new FetchEvent.FileDone(Samples.at(4), Samples.item("b", 90, Verification.SELF, "cache")),
                new FetchEvent.Done(Samples.at(4), Samples.result()));
        for (Progress progress : List.of(Progress.PLAIN, Progress.NONE, Progress.BAR, Progress.FILES)) {
            heard(progress, false, stored);
            assertThat(screen.err()).as(progress.name()).isEmpty();
        }
        assertThat(heard(Progress.JSON, false, stored)).hasSize(3);
    }
}

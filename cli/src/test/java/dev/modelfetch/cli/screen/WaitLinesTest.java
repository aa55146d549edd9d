package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitLinesTest {

    private static final String BEGUN =
            "network away for 0:03 (huggingface: name not found; mirror: connection refused), "
                    + "next try in 8 s, gives up in 9:57";

    private final WaitLines lines = new WaitLines(Messages.english());
    private final List<String> said = new ArrayList<>();

    private void hear(FetchEvent event) {
        lines.after(event).map(Line::text).ifPresent(said::add);
    }

    @Test
    void oneLineWhenItBeginsAndOneWhenItIsOver() {
        for (int second = 3; second < 43; second++) {
            hear(Samples.away(second, 0));
            hear(Samples.progress(second + 0.5, "a", 1, 2, new String[0]));
        }
        hear(Samples.back(43, 0));
        hear(Samples.progress(44, "a", 2, 2));

        assertThat(said).containsExactly(BEGUN, "back after 0:43: modelscope answers");
    }

    @Test
    void aVeryShortWaitIsNotWorthALine() {
        hear(Samples.away(1, 0));
        hear(Samples.back(2.9, 0));
        hear(Samples.progress(10, "a", 1, 2));

        assertThat(said).isEmpty();
    }

    @Test
    void aWaitThatIsToldEarlyIsSaidAsSoonAsItIsLongEnough() {
        hear(Samples.away(1, 0));
        assertThat(said).isEmpty();
        hear(Samples.progress(3, "a", 1, 2, new String[0]));
        hear(Samples.back(3.5, 0));

        assertThat(said)
                .containsExactly(
                        "network away for 0:03 (huggingface: name not found; mirror: connection refused), "
                                + "next try in 6 s, gives up in 9:57",
                        "back after 0:03: modelscope answers");
    }

    @Test
    void everyWaitIsToldAnew() {
        hear(Samples.away(3, 0));
        hear(Samples.back(5, 0));
        hear(Samples.away(103, 100));
        hear(Samples.back(160, 100));

        assertThat(said)
                .containsExactly(
                        BEGUN, "back after 0:05: modelscope answers", BEGUN, "back after 1:00: modelscope answers");
    }

    @Test
    void aJobThatGivesUpHasWordsOfItsOwn() {
        hear(Samples.away(1, 0));
        hear(new FetchEvent.Failed(Samples.at(600), Samples.gated(), List.of()));

        assertThat(said).isEmpty();
    }

    @Test
    void anotherProcessIsToldOfElsewhere() {
        hear(new FetchEvent.Waiting(
                Samples.at(5), Samples.NOON, null, null, Map.of("cache", "another process is fetching a")));

        assertThat(said).isEmpty();
    }
}

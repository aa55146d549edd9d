package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitTest {

    private static final FetchEvent.Waiting AWAY = Samples.away(36, 0);

    private static Wait english(FetchEvent.Waiting event) {
        return new Wait(event, Messages.english());
    }

    @Test
    void itCountsByTheClockFromTheLatestEvent() {
        assertThat(english(AWAY).sentence(Samples.at(36), true))
                .isEqualTo("network away for 0:36 (huggingface: name not found; mirror: connection refused), "
                        + "next try in 8 s, gives up in 9:24");
        assertThat(english(AWAY).sentence(Samples.at(42.5), false))
                .isEqualTo("network away for 0:42, next try in 2 s, gives up in 9:17");
        assertThat(english(AWAY).sentence(Samples.at(44), false))
                .isEqualTo("network away for 0:44, trying now, gives up in 9:16");
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        FetchEvent.Waiting open = new FetchEvent.Waiting(Samples.at(3), Samples.NOON, null, null, Map.of());

        assertThat(english(open).sentence(Samples.at(5), true)).isEqualTo("network away for 0:05");
    }

    @Test
    void itIsChineseUnderAChineseLocale() {
        assertThat(new Wait(AWAY, Messages.chinese()).sentence(Samples.at(42), true))
                .isEqualTo("网络中断 0:42（huggingface：name not found；mirror：connection refused），2 秒后重试，9:18 后放弃");
    }

    @Test
    void wordsOfAHubCannotSteerTheTerminal() {
        FetchEvent.Waiting foreign =
                new FetchEvent.Waiting(Samples.at(3), Samples.NOON, null, null, Map.of("mirror", "a\u001b[2Jb"));

        assertThat(english(foreign).sentence(Samples.at(3), true)).isEqualTo("network away for 0:03 (mirror: a?[2Jb)");
    }

    @Test
    void anotherProcessIsNotTheNetwork() {
        assertThat(Wait.isForNetwork(waiting(Map.of("cache", "another process is fetching a"))))
                .isFalse();
        assertThat(Wait.isForNetwork(waiting(Map.of("cache", "x", "mirror", "y"))))
                .isTrue();
        assertThat(Wait.isForNetwork(waiting(Map.of()))).isTrue();
    }

    private static FetchEvent.Waiting waiting(Map<String, String> causes) {
        return new FetchEvent.Waiting(Samples.NOON, Samples.NOON, null, null, causes);
    }
}

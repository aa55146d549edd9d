package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLeftTest {

    private final TimeLeft left = new TimeLeft();

    @ParameterizedTest
    @CsvSource({
        "0, 0 s left, 剩 0 秒",
        "8.2, 9 s left, 剩 9 秒",
        "19, 19 s left, 剩 19 秒",
        "43, 45 s left, 剩 45 秒",
        "89, 90 s left, 剩 90 秒",
        "95, 2 min left, 剩 2 分钟",
        "310, 5 min left, 剩 5 分钟",
        "3540, 59 min left, 剩 59 分钟",
        "4740, 1 h 20 left, 剩1时20分",
        "35700, 9 h 55 left, 剩9时55分",
        "40000, 11 h left, 剩 11 小时",
        "200000, 2 d left, 剩 2 天"
    })
    void theLongerTheCoarser(double seconds, String english, String chinese) {
        Duration time = Duration.ofMillis(Math.round(seconds * 1000));

        assertThat(TimeLeft.words(time, Messages.english())).isEqualTo(english);
        assertThat(TimeLeft.words(time, Messages.chinese())).isEqualTo(chinese);
    }

    @Test
    void whatWasSaidCountsDownWhileTheRateWavers() {
        assertThat(left.of(1000, 10, Samples.NOON)).contains(Duration.ofSeconds(100));
        assertThat(left.of(990, 9.5, Samples.at(1))).contains(Duration.ofSeconds(99));
        assertThat(left.of(980, 10.5, Samples.at(2))).contains(Duration.ofSeconds(98));
    }

    @Test
    void whatIsClearlyWrongIsCorrected() {
        left.of(1000, 10, Samples.NOON);

        assertThat(left.of(990, 5, Samples.at(1))).contains(Duration.ofSeconds(198));
    }

    @Test
    void whoIsLateIsNotEarlierThanNow() {
        left.of(10, 10, Samples.NOON);

        assertThat(left.of(10, 10, Samples.at(1.5))).contains(Duration.ZERO);
        assertThat(left.of(10, 10, Samples.at(2.5))).contains(Duration.ofSeconds(1));
    }

    @Test
    void withoutARateNobodyCanTell() {
        left.of(1000, 10, Samples.NOON);

        assertThat(left.of(1000, 0, Samples.at(1))).isEmpty();
        assertThat(left.of(Long.MAX_VALUE, 1, Samples.at(2))).isEmpty();
        assertThat(left.of(1000, 10, Samples.at(3))).contains(Duration.ofSeconds(100));
    }
}

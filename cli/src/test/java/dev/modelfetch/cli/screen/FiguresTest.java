package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "4900, 4.9 kB",
        "999949, 999.9 kB",
        "999950, 1.0 MB",
        "641300000000, 641.3 GB",
        "9223372036854775807, 9223.4 PB"
    })
    void sizesAreDecimal(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"230, 0.23 s", "41000, 41.0 s", "200000, 3 min 20 s", "3900000, 1 h 05 min"})
    void durationsUseTheUnitThatFits(long millis, String text) {
        assertThat(Figures.took(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"-5, 0:00", "0, 0:00", "51, 0:51", "3599, 59:59", "3723, 1:02:03"})
    void aClockIsNeverBelowZero(long seconds, String text) {
        assertThat(Figures.clock(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0 s", "1, 1 s", "8000, 8 s", "8001, 9 s", "59001, 1:00", "80000, 1:20"})
    void aShortSpanHasAUnitAndALongOneIsAClock(long millis, String text) {
        assertThat(Figures.span(Duration.ofMillis(millis), Messages.english())).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "40600000000, 65500000000, 40.6, 65.5 GB",
        "0, 65500000000, 0.0, 65.5 GB",
        "50, 100, 50, 100 B",
        "999949, 999949, 999.9, 999.9 kB",
        "999950, 999950, 1.0, 1.0 MB"
    })
    void aPartHasTheUnitOfTheWhole(long done, long size, String part, String whole) {
        assertThat(Figures.share(done, size)).isEqualTo(new Figures.Share(part, whole));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.04, 0.0", "2.44, 2.4", "9.96, 10", "175.4, 175"})
    void smallNumbersPerSecondHaveADecimal(double number, String text) {
        assertThat(Figures.perSecond(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, 0",
        "999, 1000, 99",
        "1000, 1000, 100",
        "0, 0, 100",
        "-5, 10, 0",
        "9000000000000000000, 9223372036854775807, 97"
    })
    void aHundredPerCentMeansThatNothingIsMissing(long done, long size, int percent) {
        assertThat(Figures.percent(done, size)).isEqualTo(percent);
    }
}

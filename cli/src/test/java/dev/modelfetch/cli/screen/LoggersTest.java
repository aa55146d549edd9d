package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggersTest {

    private final List<Line> said = new ArrayList<>();
    private final System.Logger logger = System.getLogger("some.library");

    @AfterEach
    void silence() {
        Loggers.show(null);
    }

    @Test
    void warningsOfLibrariesReachTheScreenAndLesserThingsDoNot() {
        Loggers.show(said::add);
        logger.log(System.Logger.Level.INFO, "starting");
        logger.log(System.Logger.Level.WARNING, "slow disk under {0}", "/data");
        logger.log(System.Logger.Level.ERROR, "lost", new IllegalStateException("x"));

        assertThat(said)
                .extracting(Line::text)
                .containsExactly("slow disk under /data", "lost: java.lang.IllegalStateException: x");
    }

    @Test
    void withoutAScreenNothingHappens() {
        logger.log(System.Logger.Level.ERROR, "nobody listens");

        assertThat(said).isEmpty();
        assertThat(logger.isLoggable(System.Logger.Level.ERROR)).isFalse();
    }
}

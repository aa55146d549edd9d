package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PainterTest {

    @Test
    void whatIsSaidStaysAndTheBarsGo() throws InterruptedException {
        MemoryConsole screen = new MemoryConsole();
        // The second question comes only after the first answer was painted.
        CountDownLatch asked = new CountDownLatch(2);
        Painter painter = Painter.start(screen.console(), size -> {
            asked.countDown();
            return List.of("[====>   ]", "[==>     ]");
        });
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Terminal.shows(screen.err())).containsExactly("[====>   ]", "[==>     ]");

        painter.say(Line.of("source: mirror"));
        assertThat(Terminal.shows(screen.err())).containsExactly("source: mirror", "[====>   ]", "[==>     ]");

        painter.close();
        painter.say(Line.of("done"));
        assertThat(Terminal.shows(screen.err())).containsExactly("source: mirror", "done");
    }
}

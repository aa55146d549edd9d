package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

    @Test
    void aWindowThatIsDraggedIsPaintedWhenItRests() throws InterruptedException {
        MemoryConsole screen = new MemoryConsole();
        Deque<Integer> widths = new ArrayDeque<>(List.of(70, 60, 50));
        AtomicReference<Window> window = new AtomicReference<>();
        window.set(new Window(new Size(80, 24), () -> {
            Size next = new Size(widths.remove(), 24);
            if (!widths.isEmpty()) {
                // It has already moved on.
                window.get().changed();
            }
            return Optional.of(next);
        }));
        screen.window = window.get();
        CountDownLatch before = new CountDownLatch(2);
        // The first look finds another size than before and the second paints.
        CountDownLatch after = new CountDownLatch(3);
        try (Painter painter = Painter.start(screen.console(), size -> {
            (size.columns() == 80 ? before : size.columns() == 50 ? after : new CountDownLatch(0)).countDown();
            return List.of("width " + size.columns());
        })) {
            assertThat(before.await(20, TimeUnit.SECONDS)).isTrue();
            window.get().changed();
            assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(Terminal.shows(screen.err())).containsExactly("width 50");
            assertThat(screen.err()).contains("width 80").doesNotContain("width 70", "width 60");
        }
    }
}

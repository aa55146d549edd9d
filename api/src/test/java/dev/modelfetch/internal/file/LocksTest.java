package dev.modelfetch.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocksTest {

    @TempDir
    Path folder;

    @Test
    void oneHasALockAloneOrManyShareIt() throws IOException {
        Closeable first = Locks.share(folder, "a").orElseThrow();
        Closeable second = Locks.share(folder, "a").orElseThrow();
        assertThat(Locks.take(folder, "a")).isEmpty();
        Closeable other = Locks.take(folder, "b").orElseThrow();
        try (other) {
            assertThat(Locks.share(folder, "b")).isEmpty();
        }

        first.close();
        first.close();
        assertThat(Locks.take(folder, "a"))
                .as("closing twice gives up one share")
                .isEmpty();
        second.close();

        Closeable alone = Locks.take(folder, "a").orElseThrow();
        assertThat(Locks.share(folder, "a")).isEmpty();
        alone.close();
        alone.close();
        Locks.share(folder, "a").orElseThrow().close();
    }

    @Test
    void whoeverGivesALockBackTwiceTakesItFromNobody() throws IOException {
        Closeable first = Locks.take(folder, "a").orElseThrow();
        first.close();
        Closeable second = Locks.take(folder, "a").orElseThrow();
        try (second) {
            first.close();

            assertThat(Locks.take(folder, "a")).isEmpty();
        }
    }

    @Test
    void askingWhetherAnyLockIsTakenMakesNothing() throws IOException {
        assertThat(Locks.anyTaken(folder)).isFalse();
        assertThat(folder).isEmptyDirectory();

        Closeable held = Locks.take(folder, "a").orElseThrow();
        try (held) {
            assertThat(Locks.anyTaken(folder)).isTrue();
        }
        assertThat(Locks.anyTaken(folder)).isFalse();
        Optional<Closeable> record = Locks.takeRecord(folder);
        assertThat(Locks.anyTaken(folder))
                .as("that of the record tells of no job")
                .isFalse();
        record.orElseThrow().close();
        assertThat(Folders.entries(folder, any -> true)).containsExactly(folder.resolve("locks"));
    }
}

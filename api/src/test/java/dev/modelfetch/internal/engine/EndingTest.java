package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class EndingTest {

    private static final Path FOLDER = Path.of("/data/models/mine");

    @Test
    void whatIsOursStaysWhatItIs() {
        FetchException known = new FetchException.Corrupt("wrong bytes", "elsewhere");

        assertThat(Ending.of(known, false, FOLDER)).isSameAs(known);
        assertThat(Ending.of(new ExecutionException(known), true, FOLDER)).isSameAs(known);
    }

    @Test
    void aDiskThatIsFullIsToldOfTheFolderInUse() {
        IOException full = new IOException("No space left on device");

        assertThat(Ending.of(full, false, FOLDER))
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining("/data/models/mine");
        assertThat(Ending.of(new UncheckedIOException(full), false, FOLDER))
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining("/data/models/mine");
    }

    @Test
    void aFileThatAnInterruptClosedSaysNothingAboutTheDisk() {
        assertThat(Ending.of(new ClosedByInterruptException(), false, FOLDER))
                .isInstanceOf(FetchException.Cancelled.class);
        assertThat(Ending.of(new InterruptedException(), false, FOLDER)).isInstanceOf(FetchException.Cancelled.class);
    }

    @Test
    void whatBreaksWhileAJobIsBeingStoppedIsItsStopping() {
        Throwable refused = new RejectedExecutionException("shut down");

        FetchException ending = Ending.of(refused, true, FOLDER);

        assertThat(ending).isInstanceOf(FetchException.Cancelled.class).hasSuppressedException(refused);
        assertThat(Ending.of(new IllegalStateException("closed"), true, FOLDER))
                .isInstanceOf(FetchException.Cancelled.class);
        assertThat(Ending.of(new FetchException.Unreachable("cut", "network"), true, FOLDER))
                .isInstanceOf(FetchException.Cancelled.class);
    }

    @Test
    void aFaultOfTheProgramIsOneOfOursTooWithItsCause() {
        Throwable bug = new IndexOutOfBoundsException("Index 0 out of bounds for length 0");
        Throwable plugin = new NoSuchMethodError("resolve");

        assertThat(Ending.of(bug, false, FOLDER))
                .isInstanceOf(FetchException.Internal.class)
                .hasCause(bug)
                .satisfies(e -> assertThat(e.code()).isEqualTo(1));
        assertThat(Ending.of(plugin, false, FOLDER)).isInstanceOf(FetchException.Internal.class);
    }
}

package dev.modelfetch.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelfetch.FetchException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplacingTest {

    private static final List<Duration> FOUR_TIMES = Collections.nCopies(3, Duration.ZERO);

    private final FileSystem windows = Jimfs.newFileSystem(Configuration.windows());
    private final Path target = windows.getPath("C:\\hub\\config.json");
    private int tries;

    @BeforeEach
    void somethingIsThere() throws IOException {
        Files.createDirectories(target.getParent());
        Files.writeString(target, "old");
    }

    @AfterEach
    void close() throws IOException {
        windows.close();
    }

    @Test
    void whatIsOpenForAMomentIsReplacedAfterwards() throws IOException {
        Replacing.of(FOUR_TIMES, target, () -> failing(3, new AccessDeniedException(target.toString())));

        assertThat(tries).isEqualTo(4);
    }

    @Test
    void whatStaysOpenIsSaidToBe() {
        assertThatThrownBy(() -> Replacing.of(
                        FOUR_TIMES, target, () -> failing(9, new AccessDeniedException(target.toString()))))
                .isInstanceOfSatisfying(FileSystemException.class, e -> {
                    FetchException.Storage said = StorageErrors.of(e, target);
                    assertThat(said).hasMessage("Another program has " + target + " open, so it cannot be replaced.");
                    assertThat(said.hint()).startsWith("Close what uses it");
                });
        assertThat(tries).isEqualTo(4);
    }

    @Test
    void theSystemsOwnWordsCountInChineseToo() throws IOException {
        String words =
                "\u53e6\u4e00\u4e2a\u7a0b\u5e8f\u6b63\u5728\u4f7f\u7528\u6b64\u6587\u4ef6\uff0c\u8fdb\u7a0b\u65e0\u6cd5\u8bbf\u95ee\u3002";

        Replacing.of(FOUR_TIMES, target, () -> failing(2, new FileSystemException(target.toString(), null, words)));

        assertThat(tries).isEqualTo(3);
    }

    @Test
    void whatHasAnotherReasonIsNotTriedAgain() throws IOException {
        Files.delete(target);
        assertThatThrownBy(() -> Replacing.of(
                        FOUR_TIMES, target, () -> failing(9, new AccessDeniedException(target.toString()))))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> Replacing.of(FOUR_TIMES, target, () -> failing(9, new IOException("disk"))))
                .hasMessage("disk");
        assertThat(tries).isEqualTo(2);
    }

    @Test
    void elsewhereARefusalIsOne() {
        assertThatThrownBy(() -> Replacing.of(
                        Replacing.AT_ONCE, target, () -> failing(9, new AccessDeniedException(target.toString()))))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(tries).isOne();
    }

    private void failing(int times, IOException failure) throws IOException {
        if (++tries <= times) {
            throw failure;
        }
    }
}

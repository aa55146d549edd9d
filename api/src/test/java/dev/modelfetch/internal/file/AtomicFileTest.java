package dev.modelfetch.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void aTextReplacesWhatWasThereAndLeavesNothingElse() throws IOException {
        Path target = folder.resolve("a/b/ref");
        AtomicFile.write(folder, target, "one");
        AtomicFile.write(folder, target, "two");

        assertThat(target).hasContent("two");
        assertThat(Sample.files(folder)).containsExactly("a/b/ref");
    }

    @Test
    void whenItCannotBeWrittenNothingIsLeftBehind() throws IOException {
        Files.createDirectories(folder.resolve("full/x"));

        assertThatThrownBy(() -> AtomicFile.write(folder, folder.resolve("full"), "one"))
                .isInstanceOf(IOException.class);
        assertThat(Sample.files(folder)).isEmpty();
    }

    @Test
    void aMoveToAnotherVolumeBecomesACopyWithTheSameTime() throws IOException {
        try (FileSystem other = Jimfs.newFileSystem(Configuration.unix())) {
            Path from = Files.writeString(folder.resolve("data"), "bytes");
            FileTime time = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));
            Files.setLastModifiedTime(from, time);
            Path to = Files.createDirectory(other.getPath("/there")).resolve("data");
            Files.writeString(to, "older");
            AtomicFile.move(from, to);

            assertThat(Files.readString(to)).isEqualTo("bytes");
            assertThat(Files.getLastModifiedTime(to)).isEqualTo(time);
            assertThat(from).doesNotExist();
            try (var left = Files.list(to.getParent())) {
                assertThat(left).containsExactly(to);
            }
        }
    }
}

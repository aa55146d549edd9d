package dev.modelfetch.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageErrorsTest {

    @TempDir
    Path folder;

    @Test
    void aFullDiskIsCalledSo() {
        for (String said :
                new String[] {"No space left on device", "There is not enough space on the disk", "Disk quota exceeded"
                }) {
            FetchException.Storage e = StorageErrors.of(new IOException(said), folder);
            assertThat(e.getMessage()).startsWith("No space left").contains(folder.toString());
            assertThat(e.hint()).contains("goes on where it stopped");
            assertThat(e.code()).isEqualTo(7);
        }
    }

    @Test
    void missingPermissionNamesTheFile() {
        assertThat(StorageErrors.of(new AccessDeniedException("/there"), folder).getMessage())
                .isEqualTo("No permission to write /there.");
        assertThat(StorageErrors.of(new FileSystemException("/there", null, "Read-only file system"), folder)
                        .getMessage())
                .isEqualTo("No permission to write /there.");
        assertThat(StorageErrors.isReadOnly(new AccessDeniedException("x"))).isTrue();
        assertThat(StorageErrors.isReadOnly(new IOException("No space left on device")))
                .isFalse();
        assertThat(StorageErrors.takesNothing(new IOException("No space left on device")))
                .isTrue();
        assertThat(StorageErrors.takesNothing(new AccessDeniedException("x"))).isTrue();
        assertThat(StorageErrors.takesNothing(new IOException("Input/output error")))
                .isFalse();
    }

    @Test
    void aFileWhereAFolderIsNeededIsNamed() {
        assertThat(StorageErrors.of(new FileAlreadyExistsException("/a/b"), folder)
                        .getMessage())
                .contains("/a/b");
        assertThat(StorageErrors.of(new FileSystemException("/a/b/c", null, "Not a directory"), folder)
                        .getMessage())
                .contains("file where a folder is needed");
    }

    @Test
    void aLinkToNowhereIsCalledSo() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));

        assertThat(StorageErrors.of(new FileAlreadyExistsException(link.toString()), link.resolve("hub"))
                        .getMessage())
                .isEqualTo(link + " is a link to something that is not there.");
        assertThat(StorageErrors.of(new NoSuchFileException(link.resolve("hub").toString()), folder)
                        .getMessage())
                .contains(link.toString());
    }

    @Test
    void aFileThatMayNotBecomeSoLargeIsCalledSo() {
        assertThat(StorageErrors.of(new IOException("File too large"), folder).getMessage())
                .contains("larger than")
                .contains(folder.toString());
    }

    @Test
    void limitsOfTheSystemComeWithAWayOut() {
        assertThat(StorageErrors.of(new FileSystemException("/a", null, "File name too long"), folder)
                        .hint())
                .contains("closer to the root");
        assertThat(StorageErrors.of(new FileSystemException("/a", null, "Too many open files"), folder)
                        .hint())
                .contains("ulimit");
    }

    @Test
    void anythingElseIsToldAsItIs() {
        IOException cause = new IOException("Input/output error");
        FetchException.Storage e = StorageErrors.of(cause, folder.resolve("x"));

        assertThat(e).hasMessageContaining("Input/output error").hasCause(cause);
    }

    @Test
    void freeSpaceIsKnownBeforeTheFolderExists() {
        assertThat(StorageErrors.usableBytes(folder.resolve("a/b/c"))).isPositive();
        assertThat(StorageErrors.existing(folder.resolve("a/b/c"))).isEqualTo(folder);
    }
}

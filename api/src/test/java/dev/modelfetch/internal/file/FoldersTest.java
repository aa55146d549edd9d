package dev.modelfetch.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.FaultyDisk.Step;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path folder;

    @Test
    void filesAreFoundAtAnyDepthInOrderAndLinksToThemToo() throws IOException {
        Path deep =
                Files.createFile(Files.createDirectories(folder.resolve("b/c")).resolve("deep"));
        Path link = Files.createSymbolicLink(folder.resolve("a"), deep);
        Files.createSymbolicLink(folder.resolve("broken"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("b/loop"), folder);

        assertThat(Folders.filesBelow(folder)).containsExactly(link, deep);
    }

    @Test
    void aFolderThatCannotBeReadIsLeftOut() throws IOException {
        for (Step step : List.of(Step.LIST, Step.NEXT)) {
            Files.createFile(Files.createDirectories(folder.resolve("closed")).resolve(step + "-hidden"));
            Path open = Files.createFile(folder.resolve(step + "-open"));
            FaultyDisk disk = FaultyDisk.of(folder);
            disk.fails((at, path) -> refuse(at == step && path.endsWith("closed"), path));

            assertThat(Folders.filesBelow(disk.path(folder)))
                    .as("%s", step)
                    .contains(disk.path(open))
                    .noneMatch(file -> file.toString().endsWith("hidden"));
        }
    }

    @Test
    void aFolderThatIsNotThereIsSaidToBeSo() {
        assertThatThrownBy(() -> Folders.filesBelow(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Folders.entries(folder.resolve("none"), entry -> true))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aListThatBreaksOffIsAFailureOfTheDisk() throws IOException {
        Files.createFile(folder.resolve("one"));
        FaultyDisk disk = FaultyDisk.of(folder);
        disk.fails((at, path) -> refuse(at == Step.NEXT, path));

        assertThatThrownBy(() -> Folders.entries(disk.path(folder), entry -> true))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void theNewestComesFirstAndWhatIsGoneIsLeftOut() throws IOException {
        Path older = Files.createFile(folder.resolve("older"));
        Path newer = Files.createFile(folder.resolve("newer"));
        Files.setLastModifiedTime(older, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));

        assertThat(Folders.newestFirst(List.of(older, folder.resolve("gone"), newer)))
                .containsExactly(newer, older);
    }

    private static void refuse(boolean really, Path path) throws AccessDeniedException {
        if (really) {
            throw new AccessDeniedException(path.toString());
        }
    }

    @Test
    void namesThatCannotBeWrittenThroughAreNoFailure(@TempDir Path folder) {
        Folders.sync(folder);
        Folders.sync(folder.resolve("not-there"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void deletingTakesEverythingBelowAndNothingBehindLinks(@TempDir Path elsewhere) throws IOException {
        Path kept = Files.createFile(elsewhere.resolve("kept"));
        Path doomed = Files.createDirectories(folder.resolve("doomed/deep"));
        Files.createFile(doomed.resolve("file"));
        Files.createSymbolicLink(doomed.resolve("folder"), elsewhere);
        Files.createSymbolicLink(doomed.resolve("broken"), Path.of("nowhere"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);

        Folders.delete(folder.resolve("doomed"));
        Folders.delete(link);
        Folders.delete(folder.resolve("never there"));

        assertThat(folder).isEmptyDirectory();
        assertThat(kept).exists();
    }

    @Test
    void whatCannotBeDeletedIsSaid() throws IOException {
        Files.createFile(Files.createDirectories(folder.resolve("doomed")).resolve("file"));
        FaultyDisk disk = FaultyDisk.of(folder);
        disk.fails((step, path) -> {
            if (step == Step.WRITE && path.endsWith("file")) {
                throw new AccessDeniedException(path.toString());
            }
        });

        assertThatThrownBy(() -> Folders.delete(disk.path(folder.resolve("doomed"))))
                .isInstanceOf(AccessDeniedException.class);
    }
}

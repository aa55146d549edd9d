package dev.modelfetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockFileTest {

    private static final String COMMIT = "c".repeat(40);
    private static final String SHA = "0123456789abcdef".repeat(4);

    private static final LockFile LOCK = new LockFile(
            RepoType.DATASET,
            "acme/words",
            "main",
            COMMIT,
            "huggingface",
            List.of(
                    new LockFile.Pin("README.md", 0, SHA),
                    new LockFile.Pin("data/<模型> & \"x\".csv", 5_000_000_000L, SHA.replace('0', 'f'))));

    @TempDir
    Path dir;

    @Test
    void aLockReadsBackAsItWasWritten() {
        Path file = dir.resolve("model.lock");
        LOCK.write(file);

        assertThat(LockFile.read(file)).isEqualTo(LOCK);
        assertThat(file).content(UTF_8).endsWith("}\n");
    }

    @Test
    void writingReplacesTheOldLockAndLeavesNothingElseBehind() throws IOException {
        Path file = dir.resolve("model.lock");
        Path theirs = Files.writeString(dir.resolve("model.lock.new"), "the user's own");
        new LockFile(RepoType.MODEL, "acme/other", "main", COMMIT, "huggingface", LOCK.files()).write(file);
        LockFile.checkWritable(file);
        LOCK.write(file);

        assertThat(LockFile.read(file)).isEqualTo(LOCK);
        assertThat(dir.toFile().list()).containsExactlyInAnyOrder("model.lock", "model.lock.new");
        assertThat(theirs).hasContent("the user's own");
    }

    @Test
    void nothingButALockFileIsReplaced() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("folder"));
        Path text = Files.writeString(dir.resolve("notes.txt"), "mine");
        Path dangling = Files.createSymbolicLink(dir.resolve("dangling"), Path.of("nowhere"));
        Path toFolder = Files.createSymbolicLink(dir.resolve("link"), folder);
        for (Path other : List.of(folder, text, dangling, toFolder, Path.of("/dev/null"))) {
            assertThatExceptionOfType(FetchException.Usage.class)
                    .as(other.toString())
                    .isThrownBy(() -> LockFile.checkWritable(other))
                    .withMessageContaining(other.toString());
            assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(() -> LOCK.write(other));
        }
        assertThat(folder).isEmptyDirectory();
        assertThat(text).hasContent("mine");
        assertThat(dangling).isSymbolicLink();
        assertThat(dir.toFile().list()).hasSize(4);
    }

    @Test
    void behindALinkTheFileItselfIsReplacedAndAnEmptyOneHoldsNothing() throws IOException {
        Path file = Files.createFile(dir.resolve("real.lock"));
        Path link = Files.createSymbolicLink(dir.resolve("link.lock"), Path.of("real.lock"));
        LockFile.checkWritable(link);
        LOCK.write(link);

        assertThat(link).isSymbolicLink();
        assertThat(LockFile.read(file)).isEqualTo(LOCK);
    }

    @Test
    void whereItCannotBeWrittenIsKnownAhead() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        for (Path impossible :
                List.of(dir.resolve("missing/model.lock"), file.resolve("model.lock"), Path.of("/proc/model.lock"))) {
            assertThatExceptionOfType(FetchException.Storage.class)
                    .as(impossible.toString())
                    .isThrownBy(() -> LockFile.checkWritable(impossible))
                    .withMessageContaining(impossible.toString());
        }
        LockFile.checkWritable(dir.resolve("n".repeat(255)));
        assertThat(dir.toFile().list()).as("nothing is left").containsExactly("file");
    }

    @Test
    void itPinsWhatAFinishedJobStored() {
        Snapshot result = new Snapshot(
                Repo.of(RepoType.MODEL, "acme/tiny"),
                "main",
                COMMIT,
                "modelscope",
                dir,
                dir,
                "modelscope",
                Identity.PROVED,
                Duration.ofSeconds(1),
                1,
                0,
                List.of(new Snapshot.Item("a.bin", 1, SHA, List.of("modelscope"), Verification.SELF, false)),
                List.of());

        LockFile lock = LockFile.of(result);

        assertThat(lock)
                .isEqualTo(new LockFile(
                        RepoType.MODEL,
                        "acme/tiny",
                        "main",
                        COMMIT,
                        "modelscope",
                        List.of(new LockFile.Pin("a.bin", 1, SHA))));
        assertThat(lock.pin("a.bin")).contains(new LockFile.Pin("a.bin", 1, SHA));
        assertThat(lock.pin("A.bin")).isEmpty();
    }

    @Test
    void aMissingFileIsAUsageErrorThatNamesIt() {
        Path missing = dir.resolve("nowhere.lock");

        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> LockFile.read(missing))
                .withMessageContaining(missing.toString());
    }

    @Test
    void aFolderIsAUsageError() {
        assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(() -> LockFile.read(dir));
    }

    @Test
    void aFileTornAnywhereIsAUsageError() throws IOException {
        Path file = dir.resolve("model.lock");
        LOCK.write(file);
        String whole = Files.readString(file).strip();
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            assertThatExceptionOfType(FetchException.Usage.class)
                    .as("the first %d characters", length)
                    .isThrownBy(() -> LockFile.read(file))
                    .withMessageContaining(file.toString())
                    .withMessageNotContaining("Cannot invoke");
        }
    }

    @Test
    void bytesThatAreNotTextAreAUsageError() throws IOException {
        Path file = dir.resolve("model.lock");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2});

        assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(() -> LockFile.read(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "\"text\"",
                "{}",
                "name = \"tiny\"",
                "<html></html>",
                "{\"v\":1}",
                "{\"v\":1,\"type\":\"model\",\"repo\":\"a/b\",\"files\":[]}",
                "{\"v\":1,\"type\":\"model\",\"repo\":\"a/b\",\"revision\":\"main\",\"family\":\"x\",\"files\":[]}",
                "{\"v\":1,\"type\":\"model\",\"repo\":\"a/b\",\"revision\":\"main\",\"commit\":\"c\",\"family\":\"x\"}",
            })
    void aForeignFileIsAUsageErrorThatSaysWhichFile(String content) throws IOException {
        Path file = dir.resolve("other.json");
        Files.writeString(file, content);

        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> LockFile.read(file))
                .withMessageContaining(file.toString())
                .withMessageNotContaining("Cannot invoke")
                .satisfies(e -> assertThat(e.hint()).contains("Write a new one"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"v\": 1 -> \"v\": 2",
                "\"v\": 1 -> \"v\": \"one\"",
                "dataset -> kernel",
                "acme/words -> ../words",
                "README.md\" -> data/<模型> & \\\\\"x\\\\\".csv\"",
                "\"size\": 0 -> \"size\": -1",
                "\"size\": 0 -> \"size\": 1.5",
                "\"0123 -> \"x123",
                "\"sha256\" -> \"sha1\"",
                "\"path\" -> \"name\"",
                "\"commit\" -> \"sha\"",
            })
    void aDamagedEntryIsAUsageError(String change) throws IOException {
        Path file = dir.resolve("model.lock");
        LOCK.write(file);
        String[] fromTo = change.split(" -> ");
        String damaged = Files.readString(file).replaceFirst(Pattern.quote(fromTo[0]), fromTo[1]);
        assertThat(damaged).isNotEqualTo(Files.readString(file));
        Files.writeString(file, damaged);

        assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(() -> LockFile.read(file));
    }

    @Test
    void fieldsOfALaterEditionAreIgnored() throws IOException {
        Path file = dir.resolve("model.lock");
        LOCK.write(file);
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{ \"note\": [1, {}],"));

        assertThat(LockFile.read(file)).isEqualTo(LOCK);
    }

    @Test
    void aFolderThatDoesNotExistIsAStorageError() {
        Path file = dir.resolve("no/such/folder/model.lock");

        assertThatExceptionOfType(FetchException.Storage.class)
                .isThrownBy(() -> LOCK.write(file))
                .withMessageContaining(file.toString());
    }
}

package dev.modelfetch.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.jimfs.PathNormalization;
import dev.modelfetch.FetchException;
import dev.modelfetch.internal.testing.FaultyDisk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafePathTest {

    private final FileSystem unix = Jimfs.newFileSystem(Configuration.unix());
    private final Path unixRoot = unix.getPath("/cache/abc");
    private final FileSystem windows = Jimfs.newFileSystem(Configuration.windows());
    private final Path windowsRoot = windows.getPath("C:\\cache\\abc");

    @AfterEach
    void close() throws IOException {
        unix.close();
        windows.close();
    }

    @Test
    void ordinaryNamesGoBelowTheRoot() {
        assertThat(SafePath.resolve(unixRoot, "onnx/model.onnx")).isEqualTo(unixRoot.resolve("onnx/model.onnx"));
        assertThat(SafePath.resolve(windowsRoot, "onnx/model.onnx"))
                .isEqualTo(windowsRoot.resolve("onnx").resolve("model.onnx"));
        for (String name : List.of(
                ".gitattributes",
                ".gitkeep",
                "a..b",
                "..a",
                "a...",
                "模型/权重.bin",
                "a b/c d",
                "x.git",
                "git/config",
                "[a]{b}#%20?&")) {
            assertThat(SafePath.resolve(unixRoot, name)).isEqualTo(unixRoot.resolve(name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../x",
                "a/../../x",
                "a/..",
                "..\\x",
                "a\\..\\..\\x",
                "a/..\\x",
                ".",
                "./x",
                "a/./x",
                "a//x",
                "a/",
                "/etc/passwd",
                "//host/share/x",
                "\\x",
                "\\\\host\\share\\x",
                "a/\\x",
                "C:\\x",
                "C:x",
                "c:/x",
                "a/D:foo",
                "a\\D:foo",
                "a\0b",
                "a\nb",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                ".git/hooks/post-checkout",
                "a/.GIT/config",
                ".git",
                "a\\.git\\config",
                ".g\u200cit/config",
                ".git./config",
                ".git /config",
                "git~1/config"
            })
    void hostileNamesAreRefusedOnEverySystem(String name) {
        for (Path root : List.of(unixRoot, windowsRoot)) {
            assertThatThrownBy(() -> SafePath.resolve(root, name))
                    .isInstanceOfSatisfying(FetchException.Storage.class, e -> {
                        assertThat(e.code()).isEqualTo(7);
                        assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}");
                        assertThat(e.hint()).isNotBlank();
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "what?.txt",
                "a:b",
                "a/b:c",
                "a|b",
                "a<b",
                "a\"b",
                "a*b",
                "a\\b",
                "dir./x",
                "x ",
                "x.",
                "aux.json",
                "NUL",
                "com1.txt",
                "a/lpt9",
                "CON .txt",
                "COM\u00b9"
            })
    void namesThatWindowsCannotHoldAreRefusedOnWindowsOnly(String name) {
        assertThatThrownBy(() -> SafePath.resolve(windowsRoot, name)).isInstanceOf(FetchException.Storage.class);
        if (!name.matches("[A-Za-z]:.*|.*/[A-Za-z]:.*")) {
            assertThat(SafePath.resolve(unixRoot, name)).isEqualTo(unixRoot.resolve(name));
        }
    }

    @Test
    void namesThatOnlyLookLikeDevicesAreFine() {
        assertThatCode(() -> SafePath.check(
                        windowsRoot, List.of("console.txt", "auxiliary.json", "com10", "nul_values.csv", "a.con")))
                .doesNotThrowAnyException();
    }

    @Test
    void theMessageNamesThePathAndTheReason() {
        assertThatThrownBy(() -> SafePath.resolve(unixRoot, "a/../../etc/passwd"))
                .hasMessageContaining("a/../../etc/passwd")
                .hasMessageContaining("\"..\"");
        assertThatThrownBy(() -> SafePath.resolve(unixRoot, "a\nb")).hasMessageContaining("a\\u000ab");
    }

    @Test
    void aPartLongerThan255BytesIsRefused() {
        assertThatCode(() -> SafePath.resolve(unixRoot, "x".repeat(255) + "/y")).doesNotThrowAnyException();
        assertThatThrownBy(() -> SafePath.resolve(unixRoot, "x".repeat(256)))
                .isInstanceOf(FetchException.Storage.class);
        assertThatThrownBy(() -> SafePath.resolve(unixRoot, "模".repeat(86))).isInstanceOf(FetchException.Storage.class);
        assertThatCode(() -> SafePath.resolve(windowsRoot, "模".repeat(86))).doesNotThrowAnyException();
    }

    @Test
    void aNameTheSystemCannotEncodeIsReportedWithAWayOut(@TempDir Path here) {
        assertThatThrownBy(() -> SafePath.resolve(here, "a\ud800"))
                .isInstanceOfSatisfying(
                        FetchException.Storage.class, e -> assertThat(e.hint()).contains("UTF-8"));
    }

    @Test
    void bookkeepingCannotBeWrittenThroughALocalDirectory() {
        for (String name : List.of(
                ".cache",
                ".cache/huggingface",
                ".cache/huggingface/download/x.metadata",
                ".cache/modelfetch/provenance.ndjson",
                ".CACHE/HuggingFace/x",
                ".cache\\modelfetch\\x")) {
            assertThatThrownBy(() -> SafePath.resolveLocal(unixRoot, name)).isInstanceOf(FetchException.Storage.class);
        }
        assertThat(SafePath.resolveLocal(unixRoot, ".cache/other/x")).isEqualTo(unixRoot.resolve(".cache/other/x"));
        assertThat(SafePath.resolveLocal(unixRoot, "a/.cache/huggingface")).isNotNull();
        assertThat(SafePath.resolve(unixRoot, ".cache/huggingface/x")).isNotNull();
    }

    @Test
    void aFileThatIsAlsoAFolderIsRefused() throws IOException {
        assertThatThrownBy(() -> SafePath.check(unixRoot, List.of("a/b/c", "a/b")))
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining("a/b/c");
        assertThatThrownBy(() -> SafePath.check(folding(), List.of("A", "a/b")))
                .isInstanceOf(FetchException.Storage.class);
        assertThatCode(() -> SafePath.check(unixRoot, List.of("A", "a/b", "ab")))
                .doesNotThrowAnyException();
    }

    /** What is mounted there decides; its name, in which there is nothing to fold, and the root above say nothing. */
    @Test
    void namesThatDifferInCaseOnlyAreRefusedWhereTheDiskDoesNotTellThemApart(@TempDir Path here) throws IOException {
        List<String> names = List.of("README.md", "Readme.md");
        Path disk = folding();

        for (Path root : List.of(disk, disk.resolve("not/yet"), Files.createDirectories(windows.getPath("C:\\1")))) {
            assertThatThrownBy(() -> SafePath.check(root, names))
                    .as(root.toString())
                    .isInstanceOf(FetchException.Storage.class)
                    .hasMessageContaining("README.md")
                    .hasMessageContaining("Readme.md");
        }
        assertThatCode(() -> SafePath.check(here, names)).doesNotThrowAnyException();
        assertThat(disk).as("nothing is left").isEmptyDirectory();
        assertThat(here).isEmptyDirectory();
    }

    @Test
    void namesThatDifferInUnicodeFormOnlyAreRefusedWhereTheDiskComposesThem(@TempDir Path here) throws IOException {
        List<String> names = List.of("caf\u00e9", "cafe\u0301");
        Path composing = disk(PathNormalization.NFC);

        assertThatThrownBy(() -> SafePath.check(composing, names)).isInstanceOf(FetchException.Storage.class);
        assertThatCode(() -> SafePath.check(composing, List.of("a", "A"))).doesNotThrowAnyException();
        assertThatCode(() -> SafePath.check(folding(), names)).doesNotThrowAnyException();
        assertThatCode(() -> SafePath.check(here, names)).doesNotThrowAnyException();
    }

    @Test
    void whereNothingMayBeWrittenWhatIsThereAnswers(@TempDir Path here) throws IOException {
        FaultyDisk readOnly = FaultyDisk.of(here);
        readOnly.fails((step, path) -> {
            if (step == FaultyDisk.Step.WRITE) {
                throw new AccessDeniedException(path.toString());
            }
        });
        Files.createFile(here.resolve("folder"));

        assertThatCode(() -> SafePath.check(readOnly.path(here), List.of("a", "A")))
                .doesNotThrowAnyException();
    }

    @Test
    void theSameNameTwiceIsOneFile() throws IOException {
        assertThatCode(() -> SafePath.check(folding(), List.of("a", "a"))).doesNotThrowAnyException();
    }

    /** The mount point of a disk to which upper and lower case are the same. */
    private static Path folding() throws IOException {
        return disk(PathNormalization.CASE_FOLD_ASCII);
    }

    private static Path disk(PathNormalization normalization) throws IOException {
        Configuration configuration = Configuration.unix().toBuilder()
                .setNameCanonicalNormalization(normalization)
                .build();
        return Files.createDirectories(Jimfs.newFileSystem(configuration).getPath("/1"));
    }

    /** Whatever pieces hostile names are made of, what is let through stays below the root. */
    @Test
    void noNameEverLeadsOutOfTheRoot() {
        String[] pieces = {
            "..",
            ".",
            "/",
            "\\",
            "//",
            "a",
            "b.txt",
            "C:",
            "c:",
            ":",
            "\0",
            " ",
            ".git",
            ".GIT",
            "~",
            "$",
            "con",
            "x".repeat(200),
            "\u2024",
            "\uff0e\uff0e",
            "\u2215",
            "\u200b",
            "é",
            "%2e%2e",
            "\n",
            "?",
            "*"
        };
        Random random = new Random(20260504);
        int accepted = 0;
        for (int i = 0; i < 40_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int n = random.nextInt(7); n >= 0; n--) {
                name.append(pieces[random.nextInt(pieces.length)]);
            }
            for (Path root : List.of(unixRoot, windowsRoot)) {
                try {
                    Path path = SafePath.resolve(root, name.toString());
                    accepted++;
                    assertThat(path).isNotEqualTo(root);
                    assertThat(path.normalize().startsWith(root))
                            .as(name.toString())
                            .isTrue();
                    for (Path part : root.relativize(path)) {
                        assertThat(part.toString()).isNotIn("..", ".", "").isNotEqualToIgnoringCase(".git");
                    }
                } catch (FetchException.Storage refused) {
                    // As it may.
                }
            }
        }
        assertThat(accepted).as("not everything is refused").isGreaterThan(2_000);
    }
}

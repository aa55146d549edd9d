package dev.modelfetch.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.testing.hub.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {

    private static final Content CONTENT = Content.generated(1, 5000);
    private static final List<Wanted> FILES = List.of(new Wanted("a/b.bin", "", CONTENT.size(), CONTENT.sha256()));

    @TempDir
    Path home;

    @Test
    void aFileAnywhereUnderItsOwnPathIsThere() throws IOException {
        put("cache/snapshots/1/a/b.bin", CONTENT);

        assertThat(Inspection.missing(home, FILES)).isZero();
    }

    @Test
    void aLinkToTheRightBytesCounts() throws IOException {
        Path blob = put("blobs/x", CONTENT);
        Files.createSymbolicLink(Files.createDirectories(home.resolve("s/a")).resolve("b.bin"), blob);

        assertThat(Inspection.missing(home, FILES)).isZero();
    }

    @Test
    void theSameNameElsewhereIsNotTheFile() throws IOException {
        put("other/b.bin", CONTENT);

        assertThat(Inspection.missing(home, FILES)).isEqualTo(1);
    }

    @Test
    void oneChangedByteIsNoticed() throws IOException {
        put("a/b.bin", CONTENT.flipped(4999));

        assertThat(Inspection.missing(home, FILES)).isEqualTo(1);
    }

    private Path put(String path, Content content) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content.toByteArray());
    }
}

package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Identity;
import dev.modelfetch.Listing;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListingTreeTest {

    @Test
    void foldersStandAmongFilesWithTheSumOfWhatIsBelow() {
        List<String> lines = ListingTree.lines(listing("b/x.bin", "b/c/y.bin", "a.txt", "b/z.bin"), messages());

        assertThat(lines)
                .containsExactly(
                        "lab/tiny",
                        "├─ a.txt        1.0 kB",
                        "└─ b/           3.0 kB",
                        "   ├─ c/        1.0 kB",
                        "   │  └─ y.bin  1.0 kB",
                        "   ├─ x.bin     1.0 kB",
                        "   └─ z.bin     1.0 kB",
                        "4 files, 4.0 kB");
    }

    @Test
    void nothingSelectedIsATreeWithoutLeaves() {
        assertThat(ListingTree.lines(listing(), messages())).hasSize(2);
    }

    private static Messages messages() {
        return Messages.of(Map.of("LANG", "C"));
    }

    private static Listing listing(String... paths) {
        List<RepoFile> files = Stream.of(paths)
                .map(path -> new RepoFile(path, 1_000, null, null, false))
                .toList();
        return new Listing(
                new Manifest(
                        "mirror",
                        "huggingface",
                        Repo.of(RepoType.MODEL, "lab/tiny"),
                        "main",
                        Samples.COMMIT,
                        files,
                        true),
                Identity.SAME,
                "",
                files.stream()
                        .map(file -> new Listing.Row(file, List.of("mirror")))
                        .toList(),
                List.of());
    }
}

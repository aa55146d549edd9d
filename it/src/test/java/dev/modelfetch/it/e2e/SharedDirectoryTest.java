package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A plain directory answers for the repositories that were fetched into it. */
class SharedDirectoryTest {

    private static final Repository ONE = Samples.SMALL;
    private static final Repository OTHER =
            Repository.model("other-lab/notes").file("README.md", "other\n").file("notes.txt", "notes\n");
    private static final String STRANGER = "nobody/never-existed";

    @RegisterExtension
    final Lab lab = Lab.of(ONE, OTHER);

    @Test
    void nothingOfAnotherRepositoryIsThere() throws Exception {
        run(ONE.id()).exits(0);
        Path lock = lab.home().resolve("model.lock");

        run(STRANGER, "--offline", "--lock", lock.toString()).exits(8);
        assertThat(lock).doesNotExist();
        run(STRANGER, "--offline", "--revision", ONE.head().id()).exits(8);
        run("datasets/" + ONE.id(), "--offline").exits(8);
        verify(STRANGER, "--offline").exits(8);
        // Nothing says what of it was put there, so the hubs are asked.
        verify(STRANGER).exits(3);
        run(ONE.id(), "--offline").exits(0);
        verify(ONE.id(), "--offline").exits(0);
    }

    @Test
    void eachOfTwoRepositoriesIsAnsweredFor() throws Exception {
        run(ONE.id(), "--exclude", "README.md").exits(0);
        run(OTHER.id()).exits(0);

        run(ONE.id(), "--offline", "--exclude", "README.md").exits(0);
        run(OTHER.id(), "--offline").exits(0);
        assertThat(verify().exits(0).out()).contains("4 files");
        Files.writeString(directory().resolve("notes.txt"), "other\n");
        assertThat(verify().exits(6).out()).contains("notes.txt");
        Files.writeString(directory().resolve("config.json"), "{}");
        assertThat(verify().exits(6).out()).contains("notes.txt").contains("config.json");
    }

    @Test
    void aFolderThatAnotherProgramHasFilledIsComparedWithTheHubsAndStaysAsItIs() throws Exception {
        run(ONE.id()).exits(0);
        Path notes = directory().resolve(".cache");
        Files.move(notes, lab.home().resolve("away"));

        verify(ONE.id()).exits(0);
        assertThat(notes).doesNotExist();

        Files.writeString(directory().resolve("config.json"), "{}");
        Files.delete(directory().resolve("README.md"));
        assertThat(verify(ONE.id()).exits(6).out()).contains("config.json").contains("README.md");
        assertThat(notes).doesNotExist();

        verify(ONE.id(), "--offline").exits(8);
        verify(OTHER.id(), "--include", "notes.txt").exits(8);
    }

    private Running.Ended verify(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "verify";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return run(all);
    }

    private Running.Ended run(String... arguments) throws Exception {
        // ModelScope has a file more.
        String[] all = Stream.concat(
                        Arrays.stream(arguments),
                        Stream.of("--local-dir", directory().toString(), "--source", "huggingface,mirror"))
                .toArray(String[]::new);
        return lab.program().run(all);
    }

    private Path directory() {
        return lab.home().resolve("plain");
    }
}

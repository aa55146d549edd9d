package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a person changes in a plain directory is theirs, whatever is run in between. */
class LocalChangesTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    @Test
    void anEditedFileOutlivesFetchAndVerifyInAnyOrder() throws Exception {
        Path directory = lab.home().resolve("plain");
        String plain = directory.toString();
        fetch(plain).exits(0);
        Path edited = directory.resolve("config.json");
        Files.writeString(edited, "{\"mine\": true}\n");

        fetch(plain).exits(7);
        lab.program()
                .start("verify", Samples.SMALL.id(), "--local-dir", plain)
                .end()
                .exits(6);
        fetch(plain).exits(7);
        assertThat(lab.program()
                        .start("verify", "--local-dir", plain)
                        .end()
                        .exits(6)
                        .err())
                .contains("move that away first");
        fetch(plain).exits(7);

        assertThat(edited).hasContent("{\"mine\": true}\n");
    }

    private Running.Ended fetch(String directory) throws Exception {
        return lab.program()
                .start(Samples.SMALL.id(), "--source", "hf", "--local-dir", directory)
                .end();
    }
}

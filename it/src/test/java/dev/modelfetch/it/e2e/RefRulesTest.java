package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code refs/main} of the shared cache points at when two catalogues have different commits. */
class RefRulesTest {

    private static final Repository ELSEWHERE = Samples.SMALL.at("modelscope").file("README.md", "# Older\n");

    @RegisterExtension
    final Lab lab = Lab.of(List.of(Samples.SMALL), List.of(ELSEWHERE));

    @Test
    void modelScopesCommitIsNotedWhenThereIsNoneOfTheHubs() {
        Snapshot result = lab.fetch(Samples.SMALL.id(), "modelscope");

        assertThat(result.commit()).isEqualTo(ELSEWHERE.head().id());
        assertThat(ref()).hasContent(ELSEWHERE.head().id());
    }

    @Test
    void aRefOfTheHubsStays() {
        lab.fetch(Samples.SMALL.id(), "huggingface");
        Snapshot result = lab.fetch(Samples.SMALL.id(), "modelscope");

        assertThat(ref()).hasContent(Samples.SMALL.head().id());
        assertThat(result.path().resolve("README.md")).hasContent("# Older\n");
    }

    @Test
    void theHubReplacesWhatModelScopeNoted() {
        lab.fetch(Samples.SMALL.id(), "modelscope");
        lab.fetch(Samples.SMALL.id(), "mirror");

        assertThat(ref()).hasContent(Samples.SMALL.head().id());
    }

    @Test
    void theRevisionAskedForIsTheRefThatIsWritten() {
        lab.fetch(Samples.SMALL.id(), request -> request.revision("master").source(SourceChoice.only("modelscope")));

        assertThat(ref().resolveSibling("master")).hasContent(ELSEWHERE.head().id());
        assertThat(ref()).doesNotExist();
    }

    private Path ref() {
        return lab.cache().resolve("models--acme-lab--tiny/refs/main");
    }
}

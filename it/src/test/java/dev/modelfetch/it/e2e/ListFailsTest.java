package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A source says that it has the repository, and then cannot say what is in it. */
class ListFailsTest {

    @RegisterExtension
    final Lab lab = Lab.of(List.of(Samples.SMALL), List.of(Samples.SMALL.at("modelscope")));

    @Test
    void aQuickOriginThatCannotListLeavesTheJobToTheMirrorAndItsWordToo() throws IOException {
        lab.hubs().modelScope().server().refuse();
        lab.hubs().huggingFace().faults().add(Fault.status(403).on("/tree/"));
        lab.hubs().mirror().faults().add(Fault.delay(Duration.ofMillis(600)).onApi());

        Snapshot result = lab.fetch(Samples.SMALL.id());

        assertThat(result.source()).isEqualTo("mirror");
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(result.files()).noneMatch(file -> file.verified() == Verification.ORIGIN);
    }

    @Test
    void aCatalogueThatCannotListIsForgottenWhenTheMirrorAnswersLater() throws IOException {
        lab.hubs().huggingFace().server().refuse();
        lab.hubs().modelScope().faults().add(Fault.status(403).on("/repo/files"));
        lab.hubs().mirror().faults().add(Fault.delay(Duration.ofMillis(900)).onApi());

        Snapshot result = lab.fetch(Samples.SMALL.id());

        assertThat(result.source()).isEqualTo("mirror");
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
    }

    @Test
    void besideAListThatNeverComesAnotherIsFetched() throws IOException {
        lab.hubs().huggingFace().faults().add(Fault.blackHole().on("/tree/"));
        lab.hubs().mirror().faults().add(Fault.delay(Duration.ofMillis(600)).onApi());
        lab.hubs().modelScope().server().refuse();

        Snapshot result = lab.fetch(Samples.SMALL.id());

        assertThat(result.source()).isEqualTo("mirror");
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
    }
}

package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A lock file holds later downloads to the byte, from whatever source. */
class LockFileTest {

    private static final Repository MODEL = Samples.SMALL;
    private static final Repository MOVED_ON =
            MODEL.lfs("model.safetensors", Content.generated(77, 300_000)).file("NEWS.md", "news\n");

    @RegisterExtension
    final Lab lab = Lab.of(List.of(MODEL), List.of(MODEL.at("modelscope")));

    private Path lock;

    @BeforeEach
    void lock() throws Exception {
        lock = lab.home().resolve("model.lock");
        lab.program()
                .run(MODEL.id(), "--source", "huggingface", "--lock", lock.toString(), "--cache-dir", elsewhere())
                .exits(0);
        assertThat(lock).content().contains(MODEL.head().id()).doesNotContain("127.0.0.1");
    }

    @Test
    void anotherSourceDeliversExactlyWhatIsPinned() throws Exception {
        lab.ledger().clear();
        Running.Ended ended = lab.program()
                .run(MODEL.id(), "--source", "modelscope", "--locked", lock.toString(), "--json")
                .exits(0);

        assertThat(Contents.of(Path.of(ended.json().get("path").getAsString()))).isEqualTo(Contents.of(MODEL));
        for (JsonElement file : ended.json().getAsJsonArray("files")) {
            assertThat(file.getAsJsonObject().get("verified").getAsString()).isEqualTo("pinned");
        }
        assertThat(lab.ledger().visits("huggingface")).isEmpty();
    }

    @Test
    void whatAnotherSourceDeliveredIsFoundAgainByTheSameLock() throws Exception {
        Path delivered = lab.program()
                .run(MODEL.id(), "--source", "modelscope", "--locked", lock.toString())
                .path();
        lab.ledger().clear();

        assertThat(lab.program()
                        .run(MODEL.id(), "--locked", lock.toString(), "--offline")
                        .path())
                .isEqualTo(delivered);
        assertThat(lab.program().run(MODEL.id(), "--locked", lock.toString()).path())
                .isEqualTo(delivered);
        lab.program().run("verify", "--locked", lock.toString()).exits(0);
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void theHubDeliversTheOldCommitAfterItsBranchHasMovedOn() throws Exception {
        lab.hubs().huggingFace().catalogue().put(MOVED_ON);

        Path path = lab.program()
                .run(MODEL.id(), "--source", "huggingface", "--locked", lock.toString())
                .path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(MODEL));
    }

    @Test
    void otherContentCannotSatisfyIt() throws Exception {
        lab.hubs().modelScope().catalogue().put(MOVED_ON.at("modelscope"));
        lab.ledger().clear();

        Running.Ended ended = lab.program()
                .run(MODEL.id(), "--source", "modelscope", "--locked", lock.toString(), "--json")
                .exits(8);

        assertThat(ended.error().get("message").getAsString()).contains("model.safetensors");
        assertThat(lab.ledger().bytesSent("model.safetensors")).isZero();
    }

    @Test
    void offlineItNeedsEverythingStored() throws Exception {
        lab.program().run(MODEL.id(), "--locked", lock.toString(), "--offline").exits(8);

        lab.program()
                .run(MODEL.id(), "--locked", lock.toString(), "--offline", "--cache-dir", elsewhere())
                .exits(0);
    }

    private String elsewhere() {
        return lab.home().resolve("elsewhere").toString();
    }
}

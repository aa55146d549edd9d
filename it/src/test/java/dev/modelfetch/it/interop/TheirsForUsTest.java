package dev.modelfetch.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.it.demo.TinyModel;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What they have stored counts as fetched; what one has begun the other may finish. The hubs speak with all of them. */
@Tag("interop")
class TheirsForUsTest {

    private static final String BIG = "weights.bin";
    private static final long SIZE = 24 << 20;
    private static final Repository LARGE =
            Repository.model("acme-lab/large").file("config.json", "{}\n").lfs(BIG, Content.generated(7, SIZE));

    @RegisterExtension
    final Lab lab = Lab.of(TinyModel.repository(), TinyModel.poems(), LARGE);

    private Python python;

    @BeforeEach
    void python() throws Exception {
        python = Python.at(lab.home())
                .with("HF_ENDPOINT", lab.hubs().huggingFace().endpoint());
    }

    @Test
    void theirCacheIsOurs() throws Exception {
        python.run("hf", "download", TinyModel.MODEL).exits(0);
        python.run("hf", "download", TinyModel.DATASET, "--repo-type", "dataset")
                .exits(0);

        assertThat(fetch(TinyModel.MODEL).get("bytesFetched").getAsLong()).isZero();
        assertThat(fetch(TinyModel.DATASET, "--dataset").get("bytesFetched").getAsLong())
                .isZero();
        lab.program().start("verify", TinyModel.MODEL, "--offline").end().exits(0);
    }

    @Test
    void theirDirectoryIsOurs() throws Exception {
        Path plain = lab.home().resolve("plain");
        python.run("hf", "download", TinyModel.MODEL, "--local-dir", plain.toString())
                .exits(0);

        assertThat(fetch(TinyModel.MODEL, "--local-dir", plain.toString())
                        .get("bytesFetched")
                        .getAsLong())
                .isZero();
    }

    @Test
    void anEarlierRevisionByItsCommitIsOurs() throws Exception {
        String commit = TinyModel.repository().head().id();
        python.run("hf", "download", TinyModel.MODEL, "--revision", commit, "config.json")
                .exits(0);

        lab.program()
                .start(TinyModel.MODEL, "config.json", "--revision", commit, "--offline")
                .end()
                .exits(0);
    }

    @Test
    void whatTheyHaveBegunWeFinishAndTheyFindIt() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(2 << 20));
        Path log = Files.createTempFile("modelfetch-interop", ".log");
        Process theirs = python.start(log, "hf", "download", LARGE.id());
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> lab.ledger().bytesSent(BIG) > 4 << 20);
        theirs.destroyForcibly().waitFor();
        Files.deleteIfExists(log);
        lab.hubs().huggingFace().dataFaults().clear();

        assertThat(fetch(LARGE.id()).get("bytesFetched").getAsLong()).isPositive();

        python.with("HF_HUB_OFFLINE", "1")
                .script("from huggingface_hub import snapshot_download\n"
                        + "print(snapshot_download('acme-lab/large', local_files_only=True))")
                .exits(0);
        lab.program().start("verify", LARGE.id(), "--offline").end().exits(0);
    }

    @Test
    void whatWeHaveBegunTheyFinishAndWeFindIt() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(2 << 20));
        var ours = lab.program().start(LARGE.id(), "--source", "huggingface");
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> lab.ledger().bytesSent(BIG) > 4 << 20);
        ours.handle().destroyForcibly();
        var unused = ours.end();
        lab.hubs().huggingFace().dataFaults().clear();

        python.run("hf", "download", LARGE.id()).exits(0);

        assertThat(fetch(LARGE.id()).get("bytesFetched").getAsLong()).isZero();
        python.run("hf", "cache", "verify", LARGE.id()).exits(0);
    }

    @Test
    void bothAtOnceCorruptNothing() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(16 << 20));
        Path log = Files.createTempFile("modelfetch-interop", ".log");

        Process theirs = python.start(log, "hf", "download", LARGE.id());
        var ours = lab.program().start(LARGE.id(), "--source", "huggingface");

        ours.end().exits(0);
        assertThat(theirs.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(theirs.exitValue()).as(Files.readString(log)).isZero();
        Files.deleteIfExists(log);
        python.run("hf", "cache", "verify", LARGE.id()).exits(0);
        lab.program().start("verify", LARGE.id(), "--offline").end().exits(0);
    }

    @Test
    void theOtherHubsClientDownloadsFromOurMiniature() throws Exception {
        python.with("MODELSCOPE_ENDPOINT", lab.hubs().modelScope().endpoint())
                .run("modelscope", "download", TinyModel.MODEL)
                .exits(0);

        Path stored = lab.home().resolve("modelscope/models/demo-lab--tiny-gpt/snapshots/master");
        assertThat(stored.resolve("config.json")).isRegularFile();
        assertThat(lab.program()
                        .start(TinyModel.MODEL, "--source", "modelscope", "--local-dir", stored.toString(), "--json")
                        .end()
                        .exits(0)
                        .out())
                .contains("\"bytesFetched\":0");
    }

    @Test
    void whatWeStoreInTheOtherHubsLayoutItsClientFindsOffline() throws Exception {
        String theirs = lab.home().resolve("modelscope").toString();
        Path stored = lab.program()
                .with("MODELSCOPE_CACHE", theirs)
                .start(TinyModel.MODEL, "--source", "modelscope", "--layout", "modelscope")
                .end()
                .path();
        assertThat(stored).isEqualTo(Path.of(theirs, "models/demo-lab--tiny-gpt/snapshots/master"));

        Python.Ended found = python.with("MODELSCOPE_ENDPOINT", "http://127.0.0.1:9")
                .script("from modelscope import snapshot_download\n"
                        + "print(snapshot_download('demo-lab/tiny-gpt', local_files_only=True))")
                .exits(0);
        assertThat(found.out()).contains(stored.toString());
        python.with("MODELSCOPE_ENDPOINT", lab.hubs().modelScope().endpoint())
                .run("modelscope", "cache", "verify", TinyModel.MODEL)
                .exits(0);
    }

    private JsonObject fetch(String repo, String... options) throws Exception {
        String[] words = new String[options.length + 4];
        words[0] = repo;
        words[1] = "--source";
        words[2] = "huggingface";
        words[3] = "--json";
        System.arraycopy(options, 0, words, 4, options.length);
        return JsonParser.parseString(lab.program().start(words).end().exits(0).out())
                .getAsJsonObject();
    }
}

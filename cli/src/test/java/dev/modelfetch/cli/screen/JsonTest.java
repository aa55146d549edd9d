package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verification;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

    private static final Repo TINY = Repo.of(RepoType.MODEL, "lab/tiny");

    @Test
    void theResultHasTheKeysOfTheContractInItsOrder() {
        Snapshot.Item item = new Snapshot.Item(
                "config.json", 25, Samples.SHA, List.of("modelscope", "mirror"), Verification.CROSS, false);

        assertThat(Json.result(Samples.result(item)).toString())
                .isEqualTo(
                        "{\"repo\":\"lab/tiny\",\"type\":\"model\",\"revision\":\"main\",\"commit\":\"" + Samples.COMMIT
                                + "\",\"path\":\"/hub/snap\",\"source\":\"modelscope\",\"identity\":\"same\","
                                + "\"elapsedMillis\":1234,\"bytesFetched\":25,\"bytesReused\":0,"
                                + "\"files\":[{\"path\":\"config.json\",\"size\":25,\"sha256\":\"" + Samples.SHA
                                + "\",\"from\":\"modelscope,mirror\",\"verified\":\"cross\",\"reused\":false}],"
                                + "\"probes\":[{\"source\":\"modelscope\",\"endpoint\":\"https://modelscope.example\","
                                + "\"route\":\"direct\",\"verdict\":\"usable\",\"millis\":230,\"detail\":\"commit "
                                + Samples.COMMIT + "\"},"
                                + "{\"source\":\"huggingface\",\"endpoint\":\"https://huggingface.example\","
                                + "\"route\":\"direct\",\"verdict\":\"down\",\"millis\":2800,"
                                + "\"detail\":\"connect timed out\"}]}");
    }

    @Test
    void aFailureHasItsCodeAndTheProbes() {
        assertThat(Json.failure(Exit.of(new FetchException.AccessDenied(
                                        FetchException.ofNoSource(
                                                        "lab/tiny",
                                                        Samples.gated().probes())
                                                .message(),
                                        Hint.plain("Ask for access."))
                                .withProbes(Samples.gated().probes())))
                        .toString())
                .isEqualTo("{\"error\":{\"code\":4,\"kind\":\"access-denied\","
                        + "\"message\":\"lab/tiny needs permission: huggingface: gated.\",\"hint\":\"Ask for access.\","
                        + "\"id\":\"needs-permission\",\"args\":[\"lab/tiny\",[\"huggingface: gated\"]]},"
                        + "\"probes\":[{\"source\":\"huggingface\",\"endpoint\":\"https://huggingface.example\","
                        + "\"route\":\"direct\",\"verdict\":\"needs-auth\",\"millis\":120,\"detail\":\"gated\"}]}");
    }

    @Test
    void aPlanSaysWhatIsThereAndWhatIsMissing() {
        assertThat(Json.plan(TINY, Samples.plan()).toString())
                .startsWith("{\"dryRun\":true,\"repo\":\"lab/tiny\",\"type\":\"model\",\"revision\":\"main\"")
                .contains("\"path\":\"/hub/snap\",\"bytesToFetch\":2000000,\"bytesPresent\":500025,"
                        + "\"bytesFree\":80000000,")
                .contains("{\"path\":\"config.json\",\"size\":25,\"gitBlob\":\"" + Samples.COMMIT
                        + "\",\"lfs\":false,\"sources\":[\"mirror\"],\"stored\":true,\"present\":25}")
                .contains("\"sources\":[\"mirror\",\"modelscope\"],\"stored\":false,\"present\":500000}")
                .contains("\"probes\":[{");
    }

    @Test
    void aListingNamesEveryDigestAndSource() {
        assertThat(Json.listing(TINY, Samples.listing()).toString())
                .contains("\"source\":\"mirror\",\"identity\":\"same\",\"complete\":true")
                .contains("{\"path\":\"model.safetensors\",\"size\":2500000,\"sha256\":\"" + Samples.SHA
                        + "\",\"lfs\":true,\"sources\":[\"mirror\",\"modelscope\"]}");
    }

    @Test
    void aCheckNamesExpectedAndActualDigests() {
        StoredCheck check = new StoredCheck(
                Path.of("/hub/snap"),
                Samples.COMMIT,
                "stored listing",
                List.of(
                        new StoredCheck.Item(
                                "a",
                                StoredCheck.State.CORRUPT,
                                Digest.sha256(Samples.SHA),
                                Digest.sha256("b".repeat(64))),
                        new StoredCheck.Item("b", StoredCheck.State.MISSING, null, null)));

        assertThat(Json.check(check).toString())
                .isEqualTo("{\"path\":\"/hub/snap\",\"commit\":\"" + Samples.COMMIT
                        + "\",\"against\":\"stored listing\",\"ok\":false,\"files\":["
                        + "{\"path\":\"a\",\"state\":\"corrupt\",\"expected\":\"sha256:" + Samples.SHA
                        + "\",\"actual\":\"sha256:" + "b".repeat(64) + "\"},"
                        + "{\"path\":\"b\",\"state\":\"missing\"}],\"probes\":[]}");
    }
}

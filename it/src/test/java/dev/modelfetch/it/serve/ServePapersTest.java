package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Outage;
import dev.modelfetch.testing.hub.Repository;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a hub says of repositories beside their files, as clients of a box find it: serving.md 2. */
class ServePapersTest {

    private static final String INFO = "/api/models/" + Samples.ID;
    private static final Repository TAGGED = Samples.MODEL.ref("v1");

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    @BeforeEach
    void tag() {
        lab.hubs().huggingFace().catalogue().put(TAGGED);
        lab.hubs().mirror().catalogue().put(TAGGED);
    }

    private static String commit() {
        return TAGGED.head().id();
    }

    private void hubsAway() {
        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());
    }

    @Test
    void theHubsOwnWordsArePassedOnWithoutXetAndKeptWithTheCommit() throws Exception {
        Served box = boxes.box();

        Served.Got info = box.get(INFO);

        assertThat(info.json().get("downloads").getAsInt()).isEqualTo(18_342);
        assertThat(info.json().getAsJsonArray("tags").toString()).contains("license:apache-2.0");
        assertThat(info.text().toLowerCase(Locale.ROOT)).doesNotContain("xet");
        assertThat(info.json().get("siblings").getAsJsonArray()).hasSize(4);
        lab.ledger().clear();
        JsonObject again =
                box.get(INFO + "/revision/" + commit() + "?blobs=true").json();
        assertThat(lab.ledger().visits()).isEmpty();
        assertThat(again.get("likes").getAsInt()).isEqualTo(211);
        assertThat(again.getAsJsonArray("siblings").toString())
                .contains("\"sha256\":\"" + Samples.WEIGHTS.sha256() + "\"");

        hubsAway();
        assertThat(box.get(INFO).json().get("downloads").getAsInt()).isEqualTo(18_342);
        box.kill();
        assertThat(boxes.box("--offline").get(INFO).json().get("downloads").getAsInt())
                .isEqualTo(18_342);
    }

    @Test
    void whoWantsSomeFieldsGetsThoseAndTheName() throws Exception {
        JsonObject some = boxes.box().get(INFO + "?expand[]=likes&expand=tags").json();

        assertThat(some.keySet()).containsExactlyInAnyOrder("_id", "id", "sha", "likes", "tags");
        assertThat(some.get("sha").getAsString()).isEqualTo(commit());
    }

    @Test
    void branchesAndTagsAreTheHubsAndOneBranchWhereNobodyTellsThem() throws Exception {
        Served box = boxes.box();

        JsonObject refs = box.get(INFO + "/refs").json();

        assertThat(refs.getAsJsonArray("tags").toString()).contains("refs/tags/v1");
        assertThat(refs.getAsJsonArray("branches").toString()).contains(commit());
        box.kill();
        JsonObject offline = boxes.box("--offline").get(INFO + "/refs").json();
        assertThat(offline.getAsJsonArray("branches").toString()).contains("\"main\"", commit());
        assertThat(offline.getAsJsonArray("tags")).isEmpty();
    }

    @Test
    void theHistoryIsTheHubsWithPagesAtThisAddressAndNoneWithoutIt() throws Exception {
        Served box = boxes.box();

        Served.Got history = box.get(INFO + "/commits/main?limit=1");

        assertThat(history.each("id")).containsExactly(commit());
        assertThat(history.header("X-Total-Count")).isEqualTo("2");
        assertThat(history.header("Link"))
                .isEqualTo("<" + box.endpoint() + INFO + "/commits/main?p=1&limit=1>; rel=\"next\"");
        assertThat(box.get("/api/models/mo-lab/only/commits/main").status()).isEqualTo(404);
    }

    @Test
    void whatIsLookedForIsFoundAtTheHubAndAmongWhatIsStoredWithoutIt() throws Exception {
        Served box = boxes.box();
        assertThat(box.get("/api/models?search=acme-lab").each("id")).containsExactly("acme-lab/closed", Samples.ID);
        assertThat(box.get("/api/datasets?search=rows").each("id")).containsExactly("acme-lab/rows");
        assertThat(box.get(INFO).status()).isEqualTo(200);
        assertThat(box.get("/api/models/acme-lab/closed", "Authorization", "Bearer " + Samples.TOKEN)
                        .status())
                .isEqualTo(200);
        box.kill();

        Served offline = boxes.box("--offline");

        assertThat(offline.get("/api/models?search=Acme").each("id")).containsExactly(Samples.ID);
        assertThat(offline.get("/api/models?search=nothing").rows()).isEmpty();
        assertThat(offline.get("/api/spaces").rows()).isEmpty();
    }

    @Test
    void whatOneHubOfAnotherKindHasIsDescribedByItsList() throws Exception {
        JsonObject info = boxes.box().get("/api/models/mo-lab/only").json();

        assertThat(info.get("gated").getAsBoolean()).isFalse();
        assertThat(info.get("siblings").getAsJsonArray()).hasSize(2);
        assertThat(info.get("sha").getAsString()).matches("[0-9a-f]{40}");
    }
}

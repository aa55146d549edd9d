package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Volume;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a box does where there is not enough room. */
@Tag("serve")
class ServeRoomTest {

    private static final int SIZE = 20_000_000;
    private static final Content ONE = Content.generated(21, SIZE);
    private static final Content TWO = Content.generated(22, SIZE);
    private static final Content THREE = Content.generated(23, SIZE);
    private static final Content LARGE = Content.generated(24, 48L << 20);

    @RegisterExtension
    final Lab lab =
            Lab.of(Samples.MODEL, model("one", ONE), model("two", TWO), model("three", THREE), model("large", LARGE));

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private static Repository model(String name, Content weights) {
        return Repository.model("acme-lab/" + name).lfs("model.bin", weights);
    }

    private static String file(String name) {
        return "/acme-lab/" + name + "/resolve/main/model.bin";
    }

    private List<Path> blobs(String name) throws IOException {
        Path blobs = lab.cache().resolve("models--acme-lab--" + name + "/blobs");
        if (!Files.isDirectory(blobs)) {
            return List.of();
        }
        try (var files = Files.list(blobs)) {
            return files.toList();
        }
    }

    /** A file is stored a moment after its last byte has been sent. */
    private static void awaitQuiet(Served box) {
        Awaitility.await().until(() -> box.get("/-/metrics").text().contains("modelfetch_fillings 0\n"));
    }

    private void read(Served box, String name, Content expected) throws Exception {
        assertThat(box.get(file(name)).body()).isEqualTo(expected.toByteArray());
        awaitQuiet(box);
    }

    @Test
    void whatWasReadLeastRecentlyGoesForWhatIsWanted() throws Exception {
        Served box = boxes.box("--cache-size", "45MB", "--keep-free", "1MB");
        read(box, "one", ONE);
        read(box, "two", TWO);
        read(box, "one", ONE);

        read(box, "three", THREE);

        assertThat(blobs("two")).isEmpty();
        assertThat(blobs("one")).hasSize(1);
        assertThat(blobs("three")).hasSize(1);
        assertThat(lab.cache().resolve("models--acme-lab--two/refs/main")).doesNotExist();
        assertThat(box.get("/-/metrics").text()).contains("modelfetch_evicted_files 1\n");
        // It is known what it was, and fetched again.
        read(box, "two", TWO);
    }

    @Test
    void nothingGoesForWhatCannotFitAllTheSame() throws Exception {
        Served box = boxes.box("--cache-size", "45MB", "--keep-free", "1MB");
        read(box, "one", ONE);

        read(box, "large", LARGE);

        assertThat(blobs("large")).isEmpty();
        assertThat(blobs("one")).hasSize(1);
    }

    @Test
    void whatIsOpenOrPinnedStaysAndTheNextOnePassesThrough() throws Exception {
        Path policy = lab.home().resolve("policy.json");
        Files.writeString(policy, "{\"v\": 1, \"pins\": [\"acme-lab/one\"]}");
        Served box = boxes.box("--cache-size", "45MB", "--keep-free", "1MB", "--policy", policy.toString());
        read(box, "one", ONE);
        read(box, "two", TWO);

        HttpResponse<InputStream> reading =
                box.client().send(box.request(file("two")).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(reading.body().read()).isEqualTo(TWO.toByteArray()[0] & 0xff);
        read(box, "three", THREE);

        assertThat(blobs("one")).hasSize(1);
        assertThat(blobs("two")).hasSize(1);
        assertThat(blobs("three")).isEmpty();
        assertThat(reading.body().readAllBytes()).hasSize(SIZE - 1);
        read(box, "three", THREE);
        assertThat(blobs("two")).isEmpty();
        assertThat(blobs("one")).hasSize(1);
        assertThat(blobs("three")).hasSize(1);
    }

    @Test
    void aCacheThatIsAllowedLessThanItHasBecomesSmallerAtTheStart() throws Exception {
        Served large = boxes.box();
        read(large, "one", ONE);
        read(large, "two", TWO);
        large.kill();

        Served small = boxes.box("--cache-size", "25MB", "--keep-free", "1MB");

        Awaitility.await().until(() -> blobs("one").isEmpty());
        assertThat(blobs("two")).hasSize(1);
        read(small, "two", TWO);
    }

    @Test
    void whatIsFetchedAheadFailsWhereThereIsNoRoomForIt() throws Exception {
        Served box = boxes.box("--cache-size", "5MB", "--keep-free", "1MB");

        String id = box.post("/-/prefetch", "application/json", "{\"repo\": \"acme-lab/one\"}")
                .json()
                .get("id")
                .getAsString();

        Awaitility.await()
                .until(() -> box.get("/-/prefetch/" + id)
                        .json()
                        .get("state")
                        .getAsString()
                        .equals("failed"));
        assertThat(box.get("/-/prefetch/" + id).json().get("error").getAsString())
                .contains("no room");
    }

    @Test
    void aFileForWhichThereIsNoRoomPassesThroughAndIsRight() throws Exception {
        Served box = boxes.box("--cache-size", "5MB", "--keep-free", "1MB");
        byte[] bytes = ONE.toByteArray();

        assertThat(box.get(file("one")).body()).isEqualTo(bytes);

        Served.Got middle = box.get(file("one"), "Range", "bytes=1000-1999");
        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(bytes, 1_000, 2_000));
        // What a reader has already may have been wrong.
        Served.Got resumed = box.get(file("one"), "Range", "bytes=5000000-");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.body()).isEqualTo(bytes);
        assertThat(resumed.header("Content-Range")).isEmpty();
        assertThat(blobs("one")).isEmpty();
        assertThat(box.get("/-/metrics").text())
                .contains("modelfetch_files_total{from=\"passage\"} 3")
                .contains("modelfetch_served_bytes_total{from=\"passage\"} " + (2 * SIZE + 1_000))
                .containsPattern("modelfetch_origin_bytes_total\\{source=\"[a-z]+\"} [0-9]{8}");
    }

    @Test
    void nobodyGetsTheEndOfWhatPassesThroughWrong() throws Exception {
        lab.hubs()
                .huggingFace()
                .dataFaults()
                .add(Fault.flip("model.bin", SIZE - 100).times(1));
        Served box = boxes.box("--cache-size", "5MB", "--keep-free", "1MB", "--source", "huggingface");
        HttpResponse<InputStream> wrong =
                box.client().send(box.request(file("one")).build(), HttpResponse.BodyHandlers.ofInputStream());

        assertThatThrownBy(() -> wrong.body().readAllBytes()).isInstanceOf(IOException.class);

        assertThat(box.get("/-/metrics").text())
                .contains("modelfetch_tainted_readers_total 1", "modelfetch_digest_failures_total 1");
        assertThat(box.get(file("one"), "Range", "bytes=19000000-").body()).isEqualTo(ONE.toByteArray());
    }

    @Test
    void onADiskThatBecomesFullSomethingElseGoesIfThatIsAllowed() throws Exception {
        try (Volume disk = Volume.of(96, lab.home().resolve("huggingface"))) {
            Served box = boxes.box("--keep-free", "1MB");
            read(box, "large", LARGE);
            boxes.slowDown(8 << 20);
            HttpResponse<InputStream> begun = begun(box);
            byte[] had = begun.body().readNBytes(4 << 20);

            disk.fill();

            assertThat(begun.body().readAllBytes()).isEqualTo(rest(had));
            assertThat(blobs("large")).isEmpty();
        }
    }

    @Test
    void inACacheOfOthersNothingGoesAndTheReaderIsSentAllOfItAtTheSecondAttempt() throws Exception {
        try (Volume disk = Volume.of(96, lab.home().resolve("huggingface"))) {
            Served box = boxes.box("--source", "huggingface");
            read(box, "large", LARGE);
            boxes.slowDown(4 << 20);
            HttpResponse<InputStream> begun = begun(box);
            byte[] had = begun.body().readNBytes(1 << 20);

            disk.fill();

            assertThatThrownBy(() -> begun.body().readAllBytes()).isInstanceOf(IOException.class);
            assertThat(blobs("large")).hasSize(1);
            Served.Got again =
                    box.get("/" + Samples.ID + "/resolve/main/" + Samples.BIG, "Range", "bytes=" + had.length + "-");
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.body()).isEqualTo(Samples.WEIGHTS.toByteArray());
        }
    }

    @Test
    void onAFullDiskNobodyIsAskedEitherIfThatIsSaid() throws Exception {
        try (Volume disk = Volume.of(96, lab.home().resolve("huggingface"))) {
            Served online = boxes.box();
            assertThat(online.get("/api/models/acme-lab/one").status()).isEqualTo(200);
            online.kill();
            disk.fill();
            lab.ledger().clear();

            assertThat(boxes.box("--offline").get(file("one")).status()).isEqualTo(504);
            assertThat(lab.ledger().visits()).isEmpty();
        }
    }

    private static HttpResponse<InputStream> begun(Served box) throws Exception {
        return box.client()
                .send(
                        box.request("/" + Samples.ID + "/resolve/main/" + Samples.BIG)
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
    }

    private static byte[] rest(byte[] had) {
        byte[] all = Samples.WEIGHTS.toByteArray();
        return Arrays.copyOfRange(all, had.length, all.length);
    }
}

package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.demo.TinyModel;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.interop.Python;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Outage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The clients that people use, unmodified, in front of a box. What cannot be had here is skipped, and says so. */
@Tag("serve")
class RealClientsTest {

    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;

    @RegisterExtension
    final Lab lab = Lab.of(
            List.of(Samples.MODEL, Samples.DATASET, Samples.GATED, TinyModel.repository(), TinyModel.poems()),
            List.of(Samples.MODEL.at("modelscope"), Samples.ELSEWHERE));

    private final List<Served> boxes = new ArrayList<>();

    @AfterEach
    void closeBoxes() throws Exception {
        for (Served box : boxes) {
            box.close();
        }
    }

    private Served box(int port, String... options) throws IOException {
        Served box = Served.at(port, lab, options);
        boxes.add(box);
        return box;
    }

    /** A client with nothing in its home. */
    private Python client(Served box, String name) throws Exception {
        return Python.at(lab.home().resolve(name)).with("HF_ENDPOINT", box.endpoint());
    }

    private Path snapshot(String name, String id) throws IOException {
        Path snapshots = lab.home().resolve(name + "/huggingface/hub/models--" + id.replace("/", "--") + "/snapshots");
        try (Stream<Path> found = Files.list(snapshots)) {
            return found.findFirst().orElseThrow();
        }
    }

    private void assertHasAll(String name) throws IOException {
        Path snapshot = snapshot(name, Samples.ID);
        assertThat(Files.readAllBytes(snapshot.resolve(Samples.BIG))).isEqualTo(BYTES);
        assertThat(snapshot.resolve("a folder/with #1.txt")).hasContent("hello\n");
        assertThat(snapshot.resolve("empty.txt")).isEmptyFile();
    }

    private void hubsAway() {
        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());
    }

    @Test
    void hfDownloadsColdAndWarmAndWithTheHubsAway() throws Exception {
        Served box = box(0);

        client(box, "cold").run("hf", "download", Samples.ID).exits(0);
        assertHasAll("cold");
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(BYTES.length + (2 << 20));
        lab.ledger().clear();
        client(box, "warm").run("hf", "download", Samples.ID).exits(0);
        assertHasAll("warm");
        client(box, "commit")
                .run(
                        "hf",
                        "download",
                        Samples.ID,
                        "--revision",
                        Samples.MODEL.head().id())
                .exits(0);
        assertHasAll("commit");
        assertThat(lab.ledger().visits()).isEmpty();
        hubsAway();
        client(box, "away").run("hf", "download", Samples.ID).exits(0);
        assertHasAll("away");
        box.kill();
        client(box(0, "--offline"), "offline").run("hf", "download", Samples.ID).exits(0);
        assertHasAll("offline");
    }

    @Test
    void hfHearsWhatIsMissingAndWhatItMayNotHave() throws Exception {
        Served box = box(0);
        Python hf = client(box, "home");

        assertThat(hf.run("hf", "download", Samples.ID, "none.txt").exits(1).out())
                .contains("File not found in model");
        assertThat(hf.run("hf", "download", "acme-lab/none").exits(1).out()).contains("'acme-lab/none' not found");
        assertThat(hf.run("hf", "download", Samples.ID, "--revision", "none")
                        .exits(1)
                        .out())
                .contains("Revision not found");
        assertThat(hf.run("hf", "download", "acme-lab/closed").exits(1).out()).contains("requires approval");
        client(box, "member")
                .with("HF_TOKEN", Samples.TOKEN)
                .run("hf", "download", "acme-lab/closed")
                .exits(0);
        assertThat(client(box, "stranger")
                        .run("hf", "download", "acme-lab/closed")
                        .exits(1)
                        .out())
                .contains("requires approval");
        client(box, "ms").run("hf", "download", "mo-lab/only").exits(0);
        assertThat(Files.readAllBytes(snapshot("ms", "mo-lab/only").resolve("model.safetensors")))
                .isEqualTo(Content.generated(7, 200_000).toByteArray());
    }

    @Test
    void theLibraryListsReadsAndChecks() throws Exception {
        Served box = box(0);

        Python.Ended said =
                client(box, "home").script("""
                        from huggingface_hub import HfApi, HfFileSystem, file_exists, snapshot_download, repo_exists
                        api = HfApi()
                        print("sha", api.model_info("%1$s").sha)
                        print("files", sorted(api.list_repo_files("%1$s")))
                        print("exists", file_exists("%1$s", "config.json"), file_exists("%1$s", "none"), repo_exists("a/b"))
                        print("paths", [p.path for p in api.get_paths_info("%1$s", ["config.json", "none"])])
                        print("refs", api.list_repo_refs("%1$s").branches[0].target_commit)
                        fs = HfFileSystem()
                        print("find", len(fs.find("%1$s")), fs.exists("%1$s/nowhere"))
                        with fs.open("%1$s/weights.bin") as f:
                            f.seek(1000000)
                            part = f.read(1000)
                        path = snapshot_download("%1$s")
                        whole = open(path + "/weights.bin", "rb").read()
                        print("part", part == whole[1000000:1001000], len(whole))
                        """.formatted(Samples.ID)).exits(0);

        assertThat(said.out())
                .contains(
                        "sha " + Samples.MODEL.head().id(),
                        "exists True False False",
                        "paths ['config.json']",
                        "refs " + Samples.MODEL.head().id(),
                        "find 4 False",
                        "part True " + BYTES.length);
        assertThat(client(box, "home")
                        .run("hf", "cache", "verify", Samples.ID)
                        .exits(0)
                        .out())
                .doesNotContain("mismatch");
    }

    @Test
    void transformersAndDatasetsLoadFromIt() throws Exception {
        Served box = box(0);

        Python.Ended said = client(box, "home")
                .with("TRANSFORMERS_VERBOSITY", "error")
                .script("""
                        from transformers import AutoConfig, AutoTokenizer
                        print("config", AutoConfig.from_pretrained("demo-lab/tiny-gpt").model_type)
                        print("tokens", AutoTokenizer.from_pretrained("demo-lab/tiny-gpt")("hi")["input_ids"])
                        from datasets import load_dataset
                        print("rows", load_dataset("acme-lab/rows", split="train").num_rows)
                        print("streamed", list(load_dataset("acme-lab/rows", split="train", streaming=True)))
                        """)
                .exits(0);

        assertThat(said.out()).contains("config gpt2", "tokens [104, 105]", "rows 1", "streamed [{'a': 1, 'b': 2}]");
    }

    @Test
    void tensorsAreReadByRanges() throws Exception {
        Served box = box(0);

        Python.Ended said = client(box, "home").script("""
                        import json, struct
                        from huggingface_hub import HfApi, HfFileSystem, hf_hub_download
                        from safetensors.numpy import load_file
                        meta = HfApi().get_safetensors_metadata("demo-lab/tiny-gpt")
                        file = sorted(meta.files_metadata)[0]
                        name, tensor = sorted(meta.files_metadata[file].tensors.items())[0]
                        with HfFileSystem().open("demo-lab/tiny-gpt/" + file) as f:
                            start = 8 + struct.unpack("<Q", f.read(8))[0]
                            f.seek(start + tensor.data_offsets[0])
                            part = f.read(tensor.data_offsets[1] - tensor.data_offsets[0])
                        whole = load_file(hf_hub_download("demo-lab/tiny-gpt", file))
                        print("same", len(part) > 0 and part == whole[name].tobytes())
                        """).exits(0);

        assertThat(said.out()).contains("same True");
    }

    @Test
    void scriptsThatListAndThenFetchEverythingInPieces() throws Exception {
        Served box = box(0);
        // As hfd.sh does it: the list by curl, the files by aria2.
        String script = """
                set -e
                curl -sf "$1/api/models/$2/revision/main" | grep -o '"rfilename":"[^"]*"' | cut -d'"' -f4 > list.txt
                while read -r path; do
                  escaped=$(printf '%%s' "$path" | sed 's/ /%%20/g; s/#/%%23/g')
                  printf '%%s/%%s/resolve/main/%%s\n out=%%s\n' "$1" "$2" "$escaped" "$path"
                done < list.txt > input.txt
                aria2c -q -x16 -s16 -k1M -c --file-allocation=none -i input.txt
                """.formatted();
        Path at = Files.createDirectories(lab.home().resolve("hfd"));

        Tool.run(at, "sh", "-c", script, "hfd", box.endpoint(), Samples.ID).exits(0);

        assertThat(Files.readAllBytes(at.resolve(Samples.BIG))).isEqualTo(BYTES);
        assertThat(at.resolve("a folder/with #1.txt")).hasContent("hello\n");
        assertThat(at.resolve("empty.txt")).isEmptyFile();
    }

    private void slowDown(long rate) {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(rate));
    }

    @Test
    void hfGoesOnWhenTheBoxIsKilledAndStartedAgain() throws Exception {
        slowDown(3 << 20);
        Served first = box(0, "--source", "huggingface");
        Path out = lab.home().resolve("hf.out");
        Process hf = client(first, "home").start(out, "hf", "download", Samples.ID, Samples.BIG);
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> lab.ledger().bytesSent(Samples.BIG) > 12 << 20);
        first.kill();

        box(first.port(), "--source", "huggingface");

        assertThat(hf.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(hf.exitValue()).as(Files.readString(out)).isZero();
        assertThat(Files.readAllBytes(snapshot("home", Samples.ID).resolve(Samples.BIG)))
                .isEqualTo(BYTES);
    }

    @Test
    void hfEndsWithTheRightBytesWhereTheFirstWereWrong() throws Exception {
        lab.hubs()
                .huggingFace()
                .dataFaults()
                .add(Fault.flip(Samples.BIG, 1_000_000).times(1));
        slowDown(6 << 20);
        Served box = box(0, "--source", "huggingface");

        client(box, "home").run("hf", "download", Samples.ID, Samples.BIG).exits(0);

        assertThat(Files.readAllBytes(snapshot("home", Samples.ID).resolve(Samples.BIG)))
                .isEqualTo(BYTES);
        assertThat(box.get("/-/metrics").text()).contains("modelfetch_digest_failures_total 1");
    }

    private static int run(File directory, String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException e) {
            Assumptions.abort("skipped: " + command[0] + " is not there: " + e.getMessage());
            return -1;
        }
    }

    @Test
    void curlGoesOnWhereItWas() throws Exception {
        Served box = box(0);
        Path file = lab.home().resolve("c.bin");
        Files.write(file, Arrays.copyOf(BYTES, 5_000_000));

        assertThat(run(lab.home().toFile(), "curl", "-sf", "-C", "-", "-o", "c.bin", box.endpoint() + FILE))
                .isZero();

        assertThat(Files.readAllBytes(file)).isEqualTo(BYTES);
    }

    @Test
    void wgetGoesOnWhereItWas() throws Exception {
        Served box = box(0);
        Path file = lab.home().resolve("w.bin");
        Files.write(file, Arrays.copyOf(BYTES, 5_000_000));

        assertThat(run(lab.home().toFile(), "wget", "-q", "-c", "-O", "w.bin", box.endpoint() + FILE))
                .isZero();

        assertThat(Files.readAllBytes(file)).isEqualTo(BYTES);
    }

    @Test
    void aria2FetchesItInPieces() throws Exception {
        Served box = box(0);

        assertThat(run(
                        lab.home().toFile(),
                        "aria2c",
                        "-q",
                        "-x16",
                        "-s16",
                        "-k1M",
                        "-o",
                        "a.bin",
                        box.endpoint() + FILE))
                .isZero();

        assertThat(Files.readAllBytes(lab.home().resolve("a.bin"))).isEqualTo(BYTES);
    }
}

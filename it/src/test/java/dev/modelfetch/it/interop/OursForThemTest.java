package dev.modelfetch.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.demo.TinyModel;
import dev.modelfetch.it.e2e.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What we have stored, they find without a network and complain about nothing. */
@Tag("interop")
class OursForThemTest {

    @RegisterExtension
    final Lab lab = Lab.of(TinyModel.repository(), TinyModel.poems());

    private Python python;

    @BeforeEach
    void python() throws Exception {
        python = Python.at(lab.home());
    }

    @Test
    void theHubClientFindsIt() throws Exception {
        Path model = fetched(TinyModel.MODEL);
        Path poems = fetched(TinyModel.DATASET, "--dataset");

        Python.Ended found = python.with("HF_HUB_OFFLINE", "1").script("""
                        from huggingface_hub import snapshot_download, try_to_load_from_cache, scan_cache_dir
                        print(snapshot_download("demo-lab/tiny-gpt", local_files_only=True))
                        print(snapshot_download("demo-lab/tiny-poems", repo_type="dataset", local_files_only=True))
                        print(try_to_load_from_cache("demo-lab/tiny-gpt", "config.json"))
                        scan = scan_cache_dir()
                        print(len(scan.repos), len(scan.warnings))
                        """).exits(0);

        assertThat(found.out().lines())
                .containsExactly(
                        model.toString(),
                        poems.toString(),
                        model.resolve("config.json").toString(),
                        "2 0");
        assertThat(python.run("hf", "cache", "ls").exits(0).out())
                .contains("model/demo-lab/tiny-gpt", "dataset/demo-lab/tiny-poems");
    }

    @Test
    void theLibrariesOnItLoadIt() throws Exception {
        Path model = fetched(TinyModel.MODEL);
        Path poems = fetched(TinyModel.DATASET, "--dataset");

        Python.Ended loaded = python.with("HF_HUB_OFFLINE", "1")
                .with("TRANSFORMERS_VERBOSITY", "error")
                .script("""
                        from transformers import AutoConfig, AutoTokenizer
                        print("config", AutoConfig.from_pretrained("demo-lab/tiny-gpt").model_type)
                        print("tokens", AutoTokenizer.from_pretrained("demo-lab/tiny-gpt")("hi")["input_ids"])
                        from safetensors import safe_open
                        with safe_open("%s/model-00001-of-00002.safetensors", framework="np") as shard:
                            print("tensors", len(list(shard.keys())))
                        from datasets import load_dataset
                        print("rows", load_dataset("%s", split="train").num_rows)
                        """.formatted(model, poems))
                .exits(0);

        assertThat(loaded.out()).contains("config gpt2", "tokens [104, 105]", "tensors 50", "rows 3");
    }

    @Test
    void itsOwnCheckAgrees() throws Exception {
        fetched(TinyModel.MODEL);
        fetched(TinyModel.DATASET, "--dataset");
        Path plain = lab.home().resolve("plain");
        fetched(TinyModel.MODEL, "--local-dir", plain.toString());
        python.with("HF_ENDPOINT", lab.hubs().huggingFace().endpoint());

        python.run("hf", "cache", "verify", TinyModel.MODEL).exits(0);
        python.run("hf", "cache", "verify", TinyModel.DATASET, "--repo-type", "dataset")
                .exits(0);
        python.run("hf", "cache", "verify", TinyModel.MODEL, "--local-dir", plain.toString())
                .exits(0);
    }

    @Test
    void aDirectoryOfOursIsCompleteForIt() throws Exception {
        Path plain = lab.home().resolve("plain");
        fetched(TinyModel.MODEL, "--local-dir", plain.toString());
        int before = bodies();

        python.with("HF_ENDPOINT", lab.hubs().huggingFace().endpoint())
                .run("hf", "download", TinyModel.MODEL, "--local-dir", plain.toString())
                .exits(0);

        assertThat(bodies()).isEqualTo(before);
    }

    @Test
    void withoutSymlinksItFindsItToo() throws Exception {
        Path model = lab.program()
                .with("HF_HUB_DISABLE_SYMLINKS", "1")
                .start(TinyModel.MODEL, "--source", "huggingface")
                .end()
                .path();

        assertThat(Files.isSymbolicLink(model.resolve("config.json"))).isFalse();
        assertThat(python.with("HF_HUB_OFFLINE", "1")
                        .script("from transformers import AutoConfig\n"
                                + "print(AutoConfig.from_pretrained('demo-lab/tiny-gpt').model_type)")
                        .exits(0)
                        .out())
                .contains("gpt2");
    }

    private Path fetched(String repo, String... options) throws Exception {
        String[] words = new String[options.length + 3];
        words[0] = repo;
        words[1] = "--source";
        words[2] = "huggingface";
        System.arraycopy(options, 0, words, 3, options.length);
        return lab.program().start(words).end().path();
    }

    /** Requests for files that were answered with a body of their own. */
    private int bodies() {
        return (int) TinyModel.repository().head().files().keySet().stream()
                .mapToLong(path -> lab.ledger().bytesSent(path))
                .sum();
    }
}

package dev.modelfetch.source.modelscope;

import static dev.modelfetch.source.modelscope.Hub.DATASET;
import static dev.modelfetch.source.modelscope.Hub.HEAD;
import static dev.modelfetch.source.modelscope.Hub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileLinkTest {

    private static final HttpUrl ENDPOINT = HttpUrl.get("https://hub.example/");

    @Test
    void aFileOfAModel() {
        assertThat(FileLink.to(ENDPOINT, MODEL, HEAD, "onnx/model.onnx").url())
                .hasToString("https://hub.example/api/v1/models/acme-lab/aurora-7b/repo?Revision=" + HEAD
                        + "&FilePath=onnx%2Fmodel.onnx");
    }

    @Test
    void aFileOfADataset() {
        assertThat(FileLink.to(ENDPOINT, DATASET, HEAD, "README.md").url())
                .hasToString("https://hub.example/api/v1/datasets/AI-MO/NuminaMath-1.5/repo?Source=SDK&Revision=" + HEAD
                        + "&FilePath=README.md&View=False");
    }

    @Test
    void anEndpointBelowAPathKeepsItsPath() {
        HttpUrl endpoint = HttpUrl.get("https://hub.example/hub/ms/");

        assertThat(FileLink.to(endpoint, MODEL, HEAD, "a").url().encodedPath())
                .isEqualTo("/hub/ms/api/v1/models/acme-lab/aurora-7b/repo");
    }

    @Test
    void aPathIsEncodedSuchThatNoServerCanMisreadIt() {
        assertThat(FileLink.to(ENDPOINT, MODEL, HEAD, "a b/c+d#e%41&f=g?模型.bin")
                        .url()
                        .encodedQuery())
                .isEqualTo("Revision=" + HEAD + "&FilePath=a%20b%2Fc%2Bd%23e%2541%26f%3Dg%3F%E6%A8%A1%E5%9E%8B.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a+b", "a%20b", "a#b", "a&View=True", "a;b", "模型/é.bin", "a\"b'c\\d", "…/😀"})
    void aPathArrivesAsItWasListed(String path) {
        assertThat(FileLink.to(ENDPOINT, DATASET, HEAD, path).url().queryParameterValues("FilePath"))
                .containsExactly(path);
    }

    @Test
    void aRequestCarriesAFreshIdAndNoSecret() {
        Request first = FileLink.to(ENDPOINT, MODEL, HEAD, "a");
        Request second = FileLink.to(ENDPOINT, MODEL, HEAD, "a");

        assertThat(first.headers().names()).containsExactly("X-Request-ID");
        assertThat(first.header("X-Request-ID")).matches("[0-9a-f]{32}").isNotEqualTo(second.header("X-Request-ID"));
        assertThat(first.method()).isEqualTo("GET");
    }

    @Test
    void theSourceAsksForTheCommitOfTheManifestAndTheIdItHasHere() throws Exception {
        Repo there = MODEL.renamed("LLM-Research/Llama-3.2-1B-Instruct", "modelscope");
        RepoFile file = new RepoFile("config.json", 25, null, null, false);
        Manifest manifest = new Manifest("modelscope", "modelscope", there, "master", HEAD, List.of(file), true);

        assertThat(Hub.sourceOf("https://hub.example/").request(manifest, file).url())
                .hasToString("https://hub.example/api/v1/models/LLM-Research/Llama-3.2-1B-Instruct/repo?Revision="
                        + HEAD + "&FilePath=config.json");
    }
}

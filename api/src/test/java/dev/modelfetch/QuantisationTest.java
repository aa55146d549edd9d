package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One quantisation of those that a repository has, under the names people give them. */
class QuantisationTest {

    private static final Manifest BARTOWSKI = Rows.of("""
            .gitattributes
            Llama-3.3-70B-Instruct-IQ4_XS.gguf 37.9GB
            Llama-3.3-70B-Instruct-Q2_K.gguf 26.4GB
            Llama-3.3-70B-Instruct-Q4_K_L.gguf 43.3GB
            Llama-3.3-70B-Instruct-Q4_K_M.gguf 42.5GB
            Llama-3.3-70B-Instruct-Q8_0/Llama-3.3-70B-Instruct-Q8_0-{1..2}-of-2.gguf 37.5GB
            Llama-3.3-70B-Instruct-f16/Llama-3.3-70B-Instruct-f16-{1..4}-of-4.gguf 35GB
            Llama-3.3-70B-Instruct.imatrix 25MB
            README.md""");

    private static final Manifest UNSLOTH = Rows.of("""
            BF16/gemma-3-27b-it-BF16-{1..2}-of-2.gguf 27GB
            README.md
            config.json
            gemma-3-27b-it-Q4_K_M.gguf 16.5GB
            gemma-3-27b-it-Q8_0.gguf 28.7GB
            gemma-3-27b-it-UD-IQ1_S.gguf 6.6GB
            gemma-3-27b-it-UD-Q4_K_XL.gguf 16.8GB
            mmproj-BF16.gguf 858MB
            mmproj-F16.gguf 858MB
            mmproj-F32.gguf 1.7GB""");

    private static final Manifest QWEN = Rows.of("""
            LICENSE
            qwen2.5-7b-instruct-fp16-{1..4}-of-4.gguf 3.9GB
            qwen2.5-7b-instruct-q2_k.gguf 3GB
            qwen2.5-7b-instruct-q4_k_m-{1..2}-of-2.gguf 2.3GB
            qwen2.5-7b-instruct-q8_0-{1..3}-of-3.gguf 2.7GB""");

    private static List<String> taken(String quantisation, Manifest manifest) {
        return taken(Selection.all().gguf(quantisation), manifest);
    }

    private static List<String> taken(Selection selection, Manifest manifest) {
        return selection.from(manifest).stream().map(RepoFile::path).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "Model-Q4_K_M.gguf,                          Q4_K_M, true",
        "model.q4_k_m.gguf,                          Q4_K_M, true",
        "model.Q4_K_M.gguf,                          q4_k_m, true",
        "model_q4_k_m.gguf,                          Q4_K_M, true",
        "Q4_K_M.gguf,                                Q4_K_M, true",
        "Q4_K_M/Model-Q4_K_M-00001-of-00001.gguf,    Q4_K_M, true",
        "Q4_K_M/Model-00001-of-00001.gguf,           Q4_K_M, true",
        "Model.i1-Q4_K_M.gguf,                       Q4_K_M, true",
        "Model.Q4_K_M.gguf.part1of1,                 Q4_K_M, true",
        "Model-IQ4_K_M.gguf,                         Q4_K_M, false",
        "Model-Q4_K_M_L.gguf,                        Q4_K_M, false",
        "Model-Q4_K_M.gguf,                          Q4_K,   false",
        "Model-Q4_K_M.gguf,                          K_M,    false",
        "Model-UD-Q4_K_XL.gguf,                      Q4_K_XL, true",
        "Model-UD-Q4_K_XL.gguf,                      ud-q4_k_xl, true",
        "Model-fp16.gguf,                            F16,    true",
        "Model-F16.gguf,                             fp16,   true",
        "model.fp16.gguf,                            F16,    true",
        "model.bf16.gguf,                            BF16,   true",
        "Model-BF16.gguf,                            F16,    false",
        "gpt-oss-20b-mxfp4.gguf,                     MXFP4,  true",
        "Model-MXFP4_MOE.gguf,                       MXFP4_MOE, true",
        "Phi-3-mini-4k-instruct-q4.gguf,             Q4,     true",
        "Model-TQ1_0.gguf,                           TQ1_0,  true",
        "Model-ZQ9_NEW.gguf,                         ZQ9_NEW, true",
        "Model-XQ4_K_M-imatrix.txt,                  Q4_K_M, false",
    })
    void aNameMeansItselfAsAWholeWord(String path, String name, boolean meant) {
        Manifest manifest = Rows.of(path, "other-Q6_K.gguf");

        if (meant) {
            assertThat(taken(name, manifest)).containsExactly(path);
        } else {
            assertThatThrownBy(() -> taken(name, manifest)).isInstanceOf(FetchException.NotFound.class);
        }
    }

    @Test
    void nothingButTheModelIsTaken() {
        assertThat(taken("q4_k_m", BARTOWSKI)).containsExactly("Llama-3.3-70B-Instruct-Q4_K_M.gguf");
    }

    @Test
    void allItsPartsAreTaken() {
        assertThat(taken("Q8_0", BARTOWSKI)).hasSize(2).allMatch(path -> path.contains("Q8_0-0000"));
        assertThat(taken("F16", BARTOWSKI)).hasSize(4);
        assertThat(taken("Q4_K_M", QWEN)).hasSize(2);
        assertThat(taken("FP16", QWEN)).hasSize(4).allMatch(path -> path.contains("fp16"));
    }

    @Test
    void theProjectorComesAlongInF16() {
        assertThat(taken("Q4_K_M", UNSLOTH)).containsExactly("gemma-3-27b-it-Q4_K_M.gguf", "mmproj-F16.gguf");
        assertThat(taken("BF16", UNSLOTH))
                .containsExactly(
                        "BF16/gemma-3-27b-it-BF16-00001-of-00002.gguf",
                        "BF16/gemma-3-27b-it-BF16-00002-of-00002.gguf",
                        "mmproj-F16.gguf");
        assertThat(taken(Selection.all().gguf("Q4_K_M").exclude("mmproj*"), UNSLOTH))
                .containsExactly("gemma-3-27b-it-Q4_K_M.gguf");
        assertThat(taken(Selection.all().gguf("Q4_K_M").exclude("*-F16.gguf"), UNSLOTH))
                .containsExactly("gemma-3-27b-it-Q4_K_M.gguf", "mmproj-BF16.gguf");
    }

    @Test
    void aProjectorOfAnotherModelStaysWhereItIs() {
        Manifest two = Rows.of(
                "a/Tiny-Q8_0.gguf", "a/mmproj-F16.gguf", "b/Huge-Q4_0.gguf", "b/mmproj-F16.gguf", "b/mmproj-Q8_0.gguf");
        Manifest named = Rows.of("Tiny-Q8_0.gguf", "Huge-Q4_0.gguf", "mmproj-Tiny-Q8_0.gguf", "mmproj-Huge-f16.gguf");

        assertThat(taken("Q8_0", two)).containsExactly("a/Tiny-Q8_0.gguf", "a/mmproj-F16.gguf");
        assertThat(taken("Q8_0", named)).containsExactly("Tiny-Q8_0.gguf", "mmproj-Tiny-Q8_0.gguf");
    }

    @Test
    void whatIsCalledJustThatComesBeforeWhatMentionsIt() {
        Manifest both = Rows.of("Tiny-Q4_K_M.gguf", "Tiny-UD-Q4_K_M.gguf");

        assertThat(taken("Q4_K_M", both)).containsExactly("Tiny-Q4_K_M.gguf");
        assertThat(taken("UD-Q4_K_M", both)).containsExactly("Tiny-UD-Q4_K_M.gguf");
    }

    @Test
    void oneFileIsPreferredToTheSameInParts() {
        Manifest both = Rows.of("Q8_0/Tiny-Q8_0-{1..2}-of-2.gguf", "Tiny-Q8_0.gguf");

        assertThat(taken("Q8_0", both)).containsExactly("Tiny-Q8_0.gguf");
    }

    @Test
    void whatThereIsIsNamedWithItsSize() {
        assertThatThrownBy(() -> taken("Q5_K_M", QWEN))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessage("There is no quantisation Q5_K_M in lab/tiny as hub lists it (revision main): it has Q2_K"
                        + " (3.0 GB), Q4_K_M (4.6 GB), Q8_0 (8.1 GB), F16 (15.6 GB).");
        assertThatThrownBy(() -> taken("Q4_K_M", Rows.of("model.safetensors")))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageEndingWith("it has no GGUF files.");
    }

    @Test
    void twoModelsInTheSameQuantisationAreNotGuessedAt() {
        Manifest two = Rows.of("Qwen3-8B-128K-Q4_K_M.gguf", "Qwen3-8B-Q4_K_M.gguf");

        assertThatThrownBy(() -> taken("Q4_K_M", two))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("Qwen3-8B-128K-Q4_K_M.gguf, Qwen3-8B-Q4_K_M.gguf");
        assertThat(taken(Selection.all().gguf("Q4_K_M").exclude("*128K*"), two))
                .containsExactly("Qwen3-8B-Q4_K_M.gguf");
    }

    @Test
    void aModelThatLacksAPartIsRefused() {
        assertThatThrownBy(() -> taken("Q8_0", Rows.of("Tiny-Q8_0-{1..2}-of-3.gguf", "Tiny-Q4_0.gguf")))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageStartingWith("Only 2 of the 3 parts of tiny-q8_0 (gguf) are there");
    }

    @Test
    void ggufWithoutANameIsTheOnlyQuantisationOrTheUsualOne() {
        Selection gguf = Selection.all().weights(Weights.GGUF);

        assertThat(taken(gguf, UNSLOTH))
                .containsExactly("README.md", "config.json", "gemma-3-27b-it-Q4_K_M.gguf", "mmproj-F16.gguf");
        assertThat(taken(gguf, Rows.of("gemma-2b-it.gguf", "README.md"))).hasSize(2);
        assertThat(taken(Selection.all().weights(Weights.BEST), UNSLOTH)).isEqualTo(taken(gguf, UNSLOTH));
        assertThatThrownBy(() -> taken(gguf, Rows.of("Tiny-Q2_K.gguf 1GB", "Tiny-Q8_0.gguf 4GB")))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("Q2_K (1.0 GB), Q8_0 (4.0 GB)");
    }

    @Test
    void aFileNamedExactlyComesBesides() {
        assertThat(taken(Selection.all().gguf("Q2_K").files("Llama-3.3-70B-Instruct.imatrix"), BARTOWSKI))
                .containsExactly("Llama-3.3-70B-Instruct-Q2_K.gguf", "Llama-3.3-70B-Instruct.imatrix");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "*", "Q4_K_?", "Q4/K", "Q4_K_M.gguf/", "a b", "-Q4"})
    void whatCannotBeANameIsAUsageError(String name) {
        assertThatThrownBy(() -> Selection.all().gguf(name))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessage("\"" + name + "\" is not the name of a quantisation.");
    }
}

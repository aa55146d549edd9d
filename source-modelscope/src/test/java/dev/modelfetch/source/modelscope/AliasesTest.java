package dev.modelfetch.source.modelscope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import java.io.BufferedReader;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AliasesTest {

    @Test
    void theShippedTableIsComplete() {
        assertThat(Aliases.shipped().targets()).hasSize(2_479);
    }

    @Test
    void everyTargetOfTheShippedTableIsAnIdWithAnOwner() {
        assertThat(Aliases.shipped().targets()).allSatisfy(id -> {
            assertThatCode(() -> Repo.of(RepoType.MODEL, id)).doesNotThrowAnyException();
            assertThat(id).contains("/");
        });
    }

    @Test
    void rowsKeepTheirOrder() {
        assertThat(Aliases.shipped().of(RepoType.MODEL, "BAAI/bge-m3"))
                .containsExactly("BAAI/BGE-M3", "Xorbits/bge-m3");
    }

    @Test
    void rowsThatDifferInLetterCaseOnlyAreKeptApart() {
        assertThat(Aliases.shipped().of(RepoType.MODEL, "Qwen/Qwen2.5-0.5B-Instruct"))
                .containsExactly("Qwen/Qwen2.5-0.5B-Instruct", "qwen/Qwen2.5-0.5B-Instruct");
    }

    @Test
    void aTypeSeesItsOwnRowsOnly() {
        assertThat(Aliases.shipped().of(RepoType.DATASET, "allenai/dolma")).containsExactly("swift/dolma");
        assertThat(Aliases.shipped().of(RepoType.MODEL, "allenai/dolma")).isEmpty();
    }

    @Test
    void wrongLetterCaseFindsTheRow() {
        assertThat(Aliases.shipped().of(RepoType.MODEL, "META-llama/llama-3.2-1b-instruct"))
                .containsExactly("LLM-Research/Llama-3.2-1B-Instruct");
    }

    @Test
    void exactLetterCaseWinsOverAnyOther() throws Exception {
        Aliases aliases = Aliases.read(new BufferedReader(new StringReader("""
                hf_id\tmodelscope_id\trepo_type\tevidence
                a/Zero\tx/first\tmodel\te
                a/ZERO\tx/second\tmodel\te
                """)));

        assertThat(aliases.of(RepoType.MODEL, "a/ZERO")).containsExactly("x/second");
        assertThat(aliases.of(RepoType.MODEL, "a/zero")).containsExactly("x/first", "x/second");
    }

    @Test
    void aDamagedLineIsSkipped() throws Exception {
        Aliases aliases = Aliases.read(new BufferedReader(new StringReader("header\n\nlonely\na/b\tc/d\tmodel\n")));

        assertThat(aliases.targets()).containsExactly("c/d");
    }

    @Test
    void theIdenticalIdComesAfterTheTable() {
        Candidates candidates = new Candidates(Map.of(), Aliases.shipped());

        assertThat(candidates.of(Repo.of(RepoType.MODEL, "BAAI/bge-m3")))
                .containsExactly("BAAI/BGE-M3", "Xorbits/bge-m3", "BAAI/bge-m3");
        assertThat(candidates.of(Repo.of(RepoType.MODEL, "deepseek-ai/DeepSeek-R1")))
                .containsExactly("deepseek-ai/DeepSeek-R1");
        assertThat(candidates.of(Repo.of(RepoType.MODEL, "nobody/unknown-7b"))).containsExactly("nobody/unknown-7b");
    }

    @Test
    void aMappingByHandIsTheOnlyCandidate() {
        Candidates candidates = new Candidates(
                Map.of("BAAI/bge-m3", "me/bge", "datasets/allenai/dolma", "me/dolma"), Aliases.shipped());

        assertThat(candidates.of(Repo.of(RepoType.MODEL, "BAAI/bge-m3"))).containsExactly("me/bge");
        assertThat(candidates.of(Repo.of(RepoType.DATASET, "allenai/dolma"))).containsExactly("me/dolma");
        assertThat(candidates.of(Repo.of(RepoType.MODEL, "allenai/dolma"))).containsExactly("allenai/dolma");
    }

    @Test
    void anIdInModelScopesOwnSpellingIsTakenAsItIs() {
        Candidates candidates = new Candidates(Map.of("BAAI/bge-m3", "me/bge"), Aliases.shipped());

        assertThat(candidates.of(new Repo(RepoType.MODEL, "BAAI/bge-m3", "modelscope")))
                .containsExactly("BAAI/bge-m3");
    }

    @Test
    void aBareNameHasNoCandidateUnlessATableKnowsIt() {
        assertThat(new Candidates(Map.of(), Aliases.shipped()).of(Repo.of(RepoType.MODEL, "gpt2")))
                .isEmpty();
        assertThat(new Candidates(Map.of("gpt2", "AI-ModelScope/gpt2"), Aliases.shipped())
                        .of(Repo.of(RepoType.MODEL, "gpt2")))
                .isEqualTo(List.of("AI-ModelScope/gpt2"));
    }
}

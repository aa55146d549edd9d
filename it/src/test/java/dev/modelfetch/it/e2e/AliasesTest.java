package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a repository is called elsewhere, as the shipped table, the user's own, and nobody knows it. */
class AliasesTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    @Test
    void theShippedTableIsToldWithItsEvidence() throws Exception {
        JsonArray known = aliases("openai-community/gpt2");

        JsonObject first = known.get(0).getAsJsonObject();
        assertThat(first.get("source").getAsString()).isEqualTo("modelscope");
        assertThat(first.get("id").getAsString()).isEqualTo("AI-ModelScope/gpt2");
        assertThat(first.get("because").getAsString()).startsWith("table: ");
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void whatIsInNoTableIsLookedForByItsOwnName() throws Exception {
        assertThat(aliases("acme-lab/nobody-knows")
                        .get(0)
                        .getAsJsonObject()
                        .get("because")
                        .getAsString())
                .isEqualTo("the same name");
    }

    @Test
    void aTableOfTheUsersReplacesARow() throws Exception {
        table("hf_id\tmodelscope_id\trepo_type\n# ours\nopenai-community/gpt2\tmine/gpt2\tmodel\n");

        JsonArray known = aliases("openai-community/gpt2");

        assertThat(known).hasSize(1);
        assertThat(known.get(0).getAsJsonObject().get("id").getAsString()).isEqualTo("mine/gpt2");
        assertThat(known.get(0).getAsJsonObject().get("because").getAsString()).isEqualTo("mapped by hand");
    }

    @Test
    void aTableThatCannotBeReadIsNamedWithTheLine() throws Exception {
        table("gpt2\tmine/gpt2\tmodel\nrubbish\n");

        assertThat(lab.away().run("aliases", "gpt2").exits(2).err()).contains("modelscope-aliases.tsv, line 2");
    }

    @Test
    void aTargetThatIsNoIdIsRefused() throws Exception {
        table("gpt2\t../../etc\tmodel\n");

        assertThat(lab.away().run("aliases", "gpt2").exits(2).err()).contains("line 1", "not a repository id");
    }

    @Test
    void withoutAnIdAllIsListed() throws Exception {
        assertThat(lab.away().run("aliases", "--json").exits(0).json().getAsJsonArray("aliases"))
                .hasSizeGreaterThan(2_000);
    }

    private JsonArray aliases(String id) throws Exception {
        return lab.away().run("aliases", id, "--json").exits(0).json().getAsJsonArray("aliases");
    }

    private void table(String rows) throws Exception {
        Path folder = Files.createDirectories(lab.home().resolve("config/modelfetch"));
        Files.writeString(folder.resolve("modelscope-aliases.tsv"), rows);
    }
}

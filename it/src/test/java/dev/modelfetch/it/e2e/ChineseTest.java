package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Failures of every kind under a Chinese locale: what is said is Chinese, but for names, paths, options and commands. */
class ChineseTest {

    private static final String REPO = Samples.SMALL.id();
    private static final String SECRET = "hf_markerOfTheReader";
    private static final Repository GATED =
            Samples.SMALL.named("acme-lab/gated").gated(SECRET);

    @RegisterExtension
    final Lab lab = Lab.of(List.of(Samples.SMALL, GATED), List.of(Samples.SMALL.at("modelscope")));

    private Program program() {
        return lab.program().with("LC_ALL", "zh_CN.UTF-8");
    }

    @Test
    void whereNobodyCanBeReached() throws Exception {
        lab.hubs().huggingFace().faults().add(Fault.blackHole());
        lab.hubs().mirror().server().refuse();
        lab.hubs().modelScope().faults().add(Fault.status(503));

        Running.Ended ended =
                program().with("HF_HUB_ETAG_TIMEOUT", "1").run(REPO).exits(5);

        assertChinese(ended);
        assertThat(ended.err()).contains("huggingface：没有及时应答", "mirror：连接被拒绝", "HTTP 503");
    }

    @Test
    void whereAFilterAnswers() throws Exception {
        lab.hubs().huggingFace().faults().add(Fault.webPage());
        lab.hubs().mirror().faults().add(Fault.webPage());
        lab.hubs().modelScope().faults().add(Fault.webPage());

        assertChinese(program().run(REPO).exits(5));
    }

    @Test
    void whereTheProxyIsNotThere() throws Exception {
        Running.Ended ended = program()
                .run(REPO, "--source", "mirror", "--proxy", "mirror=http://127.0.0.1:9")
                .exits(5);

        assertChinese(ended);
        assertThat(ended.err()).contains("代理 http://127.0.0.1:9，由 --proxy mirror 设置");
    }

    @Test
    void whatIsNotThere() throws Exception {
        assertChinese(program().run("acme-lab/nowhere").exits(3));
        assertChinese(program().run(REPO, "--revision", "v9").exits(3));
        assertChinese(program().run(REPO, "no-such.bin").exits(3));
        assertChinese(
                program().run(REPO, "--include", "*.exe", "--exclude", "a*").exits(3));
        assertChinese(program().run(REPO, "--gguf", "Q4_K_M").exits(3));
        assertChinese(program().run(REPO, "--weights", "onnx").exits(3));
    }

    @Test
    void whatIsGatedBlamesTheRepositoryAndNamesItsPage() throws Exception {
        Running.Ended ended = program().run(GATED.id()).exits(4);

        assertChinese(ended);
        assertThat(ended.err()).contains(GATED.id() + " 需要权限", "/" + GATED.id() + " ");
        for (String path : Contents.of(GATED).keySet()) {
            assertThat(ended.err()).doesNotContain(path);
        }
    }

    @Test
    void aTokenThatIsRefusedIsCalledByItsPlace() throws Exception {
        Running.Ended ended = program()
                .with("HF_TOKEN", "hf_nobodyKnowsMe")
                .run(GATED.id(), "--source", "hf")
                .exits(4);

        assertChinese(ended);
        assertThat(ended.err()).contains("HF_TOKEN");
    }

    @Test
    void whatATokenKeepsFromTheOthers() throws Exception {
        lab.hubs().huggingFace().server().refuse();

        Running.Ended ended = program()
                .with("HF_TOKEN", SECRET)
                .run(REPO, "--give-up-after", "0")
                .exits(5);

        assertChinese(ended);
        assertThat(ended.err())
                .contains("HF_TOKEN", "--source modelscope,mirror")
                .doesNotContain(SECRET);
    }

    @Test
    void whatIsNotStored() throws Exception {
        assertChinese(program().run(REPO, "--offline").exits(8));
        assertChinese(program().run("verify", REPO).exits(8));
        assertChinese(lab.away()
                .with("LC_ALL", "zh_CN.UTF-8")
                .run("cache", "rm", "acme-lab/nothing", "-y")
                .exits(8));
    }

    @Test
    void whatIsInTheWay() throws Exception {
        Path directory = Files.createDirectories(lab.home().resolve("here"));
        Files.writeString(directory.resolve("config.json"), "somebody's own");

        assertChinese(program().run(REPO, "--local-dir", directory.toString()).exits(7));

        Path file = Files.writeString(lab.home().resolve("file"), "no folder");
        assertChinese(program().run(REPO, "--cache-dir", file.toString()).exits(7));
    }

    @Test
    void settingsThatCannotBeUsed() throws Exception {
        Path lock = Files.writeString(lab.home().resolve("x.lock"), "{}");

        assertChinese(program().run(REPO, "--locked", lock.toString()).exits(2));
        assertChinese(
                program().with("HF_HUB_DOWNLOAD_TIMEOUT", "soon").run(REPO).exits(2));
        assertChinese(program().run(REPO, "--ca-bundle", lock.toString()).exits(2));
        assertChinese(program()
                .configured("{\"sorce\": \"mirror\", \"maxWorkers\": 0}")
                .run(REPO)
                .exits(2));
        assertChinese(program().configured("{").run(REPO).exits(2));
    }

    @Test
    void scriptsReadTheCodeAndItsValuesInEnglish() throws Exception {
        Running.Ended ended = program().run("acme-lab/nowhere", "--json").exits(3);

        JsonObject error = ended.error();
        assertThat(error.get("id").getAsString()).isEqualTo("not-found");
        assertThat(error.get("args").getAsJsonArray().get(0).getAsString()).isEqualTo("acme-lab/nowhere");
        assertThat(error.get("args").getAsJsonArray().get(1).getAsJsonArray()).hasSize(3);
        assertThat(error.get("message").getAsString()).startsWith("acme-lab/nowhere was not found: ");
    }

    private static void assertChinese(Running.Ended ended) {
        // Commands to be typed, and what a hub has said itself.
        String said = ended.err().replaceAll("fetch( [a-z-]+)+|Invalid rev id", "");
        assertThat(said)
                .matches("(?s).*\\p{IsHan}.*")
                .doesNotContainPattern("[A-Za-z]+ [a-z]+ [a-z]+")
                .doesNotContainPattern("[a-z]\\.(\\s|$)");
    }
}

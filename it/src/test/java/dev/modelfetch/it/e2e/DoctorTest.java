package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.modelfetch.it.sample.SampleJar;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MirrorFace.Quirk;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fetch doctor}: what is in the way is found, and said with what to do. */
class DoctorTest {

    private static final String TOKEN = "hf_markerThatNobodyPrints";
    private static final String OTHER_TOKEN = "ms-marker-that-nobody-prints";

    /** The doctor asks for this one, which every hub has. */
    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL.named("Qwen/Qwen2.5-0.5B-Instruct"));

    @TempDir
    Path elsewhere;

    private static List<String> codes(Running.Ended ended, String source) {
        return findings(ended).stream()
                .filter(finding -> source.isEmpty()
                        ? finding.get("source").isJsonNull()
                        : finding.get("source").equals(new JsonPrimitive(source)))
                .map(finding -> finding.get("code").getAsString())
                .toList();
    }

    private static List<JsonObject> findings(Running.Ended ended) {
        return StreamSupport.stream(ended.json().getAsJsonArray("findings").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static JsonObject finding(Running.Ended ended, String code) {
        return findings(ended).stream()
                .filter(finding -> finding.get("code").getAsString().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + code + " in " + ended.out()));
    }

    @Test
    void whereAllIsWellNothingIsToBeDone() throws Exception {
        Running.Ended ended = lab.program().run("doctor", "--json").exits(0);

        assertThat(ended.json().get("works").getAsBoolean()).isTrue();
        for (String source : List.of("huggingface", "mirror", "modelscope")) {
            assertThat(codes(ended, source))
                    .containsExactly("route-direct-by", "tls-plain", "api-answers", "data-sends", "token-none");
        }
        assertThat(codes(ended, ""))
                .contains("cache-writable", "links-work", "locks-work", "program", "java", "system");
        assertThat(findings(ended))
                .allSatisfy(
                        finding -> assertThat(finding.get("hint").getAsString()).isEmpty());
        assertThat(ended.json().getAsJsonArray("probes")).hasSize(3);
        assertThat(ended.err()).isEmpty();
        assertThat(lab.filesAtHome()).isEmpty();
    }

    @Test
    void theHostThatSendsIsAskedForOneByte() throws Exception {
        Running.Ended ended =
                lab.program().run("doctor", "--source", "huggingface", "--json").exits(0);

        String data = URI.create(lab.hubs().huggingFace().storage().endpoint()).getAuthority();
        assertThat(finding(ended, "data-sends").getAsJsonArray("values").get(0).getAsString())
                .isEqualTo(data);
        assertThat(lab.ledger().bytesSent("model.safetensors")).isEqualTo(1);
        assertThat(ended.out()).doesNotContain("Signature").doesNotContain("?");
    }

    @Test
    void aDataHostThatIsGoneIsNotTheHubsFault() throws Exception {
        lab.hubs().huggingFace().storage().refuse();

        Running.Ended ended =
                lab.program().run("doctor", "--source", "huggingface", "--json").exits(5);

        assertThat(codes(ended, "huggingface")).contains("api-answers", "data-fails");
        assertThat(ended.error().get("kind").getAsString()).isEqualTo("unreachable");
        assertThat(finding(ended, "data-fails").get("hint").getAsString()).contains("--source");
    }

    @Test
    void oneSourceThatWorksIsEnough() throws Exception {
        lab.hubs().huggingFace().server().refuse();
        lab.hubs().mirror().face().quirks(Quirk.WEB_PAGES);

        Running.Ended ended = lab.program().run("doctor", "--json").exits(0);

        assertThat(codes(ended, "huggingface")).contains("tls-unreached", "api-silent");
        assertThat(codes(ended, "mirror")).contains("api-strange");
        assertThat(codes(ended, "modelscope")).contains("api-answers");
    }

    @Test
    void aHubThatSwallowsEverythingHoldsUpNobodyForEver() throws Exception {
        lab.hubs().huggingFace().faults().add(Fault.blackHole());

        Running.Ended ended = lab.program().run("doctor", "--json").exits(0);

        assertThat(finding(ended, "tls-unreached").get("text").getAsString()).endsWith("no answer in time");
        assertThat(codes(ended, "mirror")).contains("api-answers", "data-sends");
    }

    @Test
    void whereNobodyAnswersWhatToDoIsSaidInWords() throws Exception {
        lab.hubs().huggingFace().server().refuse();
        lab.hubs().mirror().server().refuse();
        lab.hubs().modelScope().server().refuse();

        Running.Ended ended = lab.program().run("doctor").exits(5);

        assertThat(ended.out())
                .contains("PROBLEM connect   no connection: connection refused")
                .contains("what to do: The network may be down")
                .doesNotContain("A fetch would work here.");
        assertThat(ended.err()).contains("No fetch would work here.");
    }

    @Test
    void anotherSourceIsNotAskedWhereOneIsForced() throws Exception {
        lab.program().run("doctor", "--source", "modelscope", "--json").exits(0);

        assertThat(lab.ledger().visits("modelscope")).isNotEmpty();
        assertThat(lab.ledger().visits("huggingface")).isEmpty();
        assertThat(lab.ledger().visits("mirror")).isEmpty();
    }

    @Test
    void tokensAreTriedOutAndNeverShown() throws Exception {
        lab.hubs().huggingFace().catalogue().user(TOKEN);
        Path file = Files.writeString(
                Files.createDirectories(lab.home().resolve("huggingface")).resolve("token"), TOKEN);
        Program program = lab.program().with("MODELSCOPE_API_TOKEN", OTHER_TOKEN);

        Running.Ended json = program.run("doctor", "--json").exits(0);
        Running.Ended page = program.run("doctor").exits(0);

        assertThat(finding(json, "token-accepted")
                        .getAsJsonArray("values")
                        .get(0)
                        .getAsString())
                .isEqualTo("the file " + file);
        assertThat(finding(json, "token-refused").get("text").getAsString())
                .isEqualTo("refused, from MODELSCOPE_API_TOKEN");
        assertThat(finding(json, "token-refused").get("hint").getAsString()).contains("valid token");
        assertThat(page.out()).contains("accepted, from the file ~/huggingface/token");
        assertThat(json.out() + json.err() + page.out() + page.err())
                .doesNotContain(TOKEN)
                .doesNotContain(OTHER_TOKEN);
        assertThat(page.out()).doesNotContain(lab.home().toString());
        assertThat(lab.ledger().hostsThatSaw(TOKEN)).containsExactly("huggingface");
        Files.delete(file);
    }

    @Test
    void aTokenThatTheHubRefusesForEverythingIsInTheWay() throws Exception {
        Running.Ended ended = lab.program()
                .with("HF_TOKEN", TOKEN)
                .run("doctor", "--source", "huggingface", "--json")
                .exits(5);

        assertThat(codes(ended, "huggingface")).contains("api-token", "token-refused");
        assertThat(ended.out()).doesNotContain(TOKEN);
    }

    @Test
    void aTokenFileThatCannotBeReadIsNamed() throws Exception {
        Running.Ended ended = lab.program()
                .with("HF_TOKEN_PATH", elsewhere)
                .run("doctor", "--source", "huggingface", "--json")
                .exits(0);

        assertThat(finding(ended, "token-unreadable").getAsJsonArray("values"))
                .extracting(JsonElement::getAsString)
                .containsExactly(elsewhere.toString());
    }

    @Test
    void aSettingThatCannotBeUsedIsAFindingOfItsSource() throws Exception {
        Running.Ended ended = lab.program()
                .with("HF_TOKEN", TOKEN + " with blanks")
                .run("doctor", "--json")
                .exits(0);

        assertThat(codes(ended, "huggingface")).containsExactly("setting-unusable");
        assertThat(finding(ended, "setting-unusable").get("text").getAsString()).contains("HF_TOKEN");
        assertThat(finding(ended, "setting-unusable").get("hint").getAsString()).isNotEmpty();
        assertThat(ended.out()).doesNotContain(TOKEN);
        assertThat(lab.ledger().visits("huggingface")).isEmpty();
    }

    @Test
    void aProxyThatIsGoneIsNamedWithItsSettingAndWithoutItsPassword() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Program program = lab.program();
        String[] doctor = {"doctor", "--proxy", "mirror=http://wang:geheim@127.0.0.1:" + closed};

        Running.Ended json =
                program.run(doctor[0], doctor[1], doctor[2], "--json").exits(0);
        Running.Ended page = program.run(doctor).exits(0);

        assertThat(codes(json, "mirror")).contains("route-proxy-down", "tls-unseen", "api-silent");
        assertThat(finding(json, "route-proxy-down").getAsJsonArray("values"))
                .extracting(JsonElement::getAsString)
                .containsExactly("http://127.0.0.1:" + closed, "--proxy mirror", "connection refused");
        assertThat(json.out() + page.out()).doesNotContain("wang").doesNotContain("geheim");
    }

    @Test
    void whoeverLooksIntoConnectionsIsSeenByTheAuthority() throws Exception {
        // What it redirects to would be clear text.
        lab.hubs().huggingFace().face().direct();
        try (TlsDoor door = new TlsDoor(elsewhere, lab.hubs().huggingFace().endpoint())) {
            Program program = lab.away().at(Map.of("huggingface", door.address()));
            String[] doctor = {"doctor", "--source", "huggingface", "--json"};

            Running.Ended unknown = program.run(doctor).exits(5);
            Running.Ended added =
                    program.with("SSL_CERT_FILE", door.pem()).run(doctor).exits(0);

            assertThat(finding(unknown, "tls-untrusted")
                            .getAsJsonArray("values")
                            .get(0)
                            .getAsString())
                    .isEqualTo("door");
            assertThat(finding(unknown, "tls-untrusted").get("hint").getAsString())
                    .contains("--ca-bundle");
            assertThat(finding(added, "tls-added").get("state").getAsString()).isEqualTo("note");
            assertThat(finding(added, "tls-added").get("text").getAsString()).contains("vouched for by door");
        }
    }

    /** Of three clocks, so many are wrong. */
    private Running.Ended doctorWhereClocksAreAhead(int hubs) throws Exception {
        Fault wrong = Fault.header("Date", date(Duration.ofMinutes(90)));
        Fault right = Fault.header("Date", date(Duration.ZERO));
        lab.hubs().huggingFace().faults().add(wrong);
        lab.hubs().mirror().faults().add(hubs > 1 ? wrong : right);
        lab.hubs().modelScope().faults().add(hubs > 2 ? wrong : right);
        return lab.program().run("doctor", "--json").exits(0);
    }

    private static String date(Duration ahead) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plus(ahead));
    }

    @Test
    void aClockThatIsWrongIsSaid() throws Exception {
        Running.Ended ended = doctorWhereClocksAreAhead(3);

        assertThat(finding(ended, "clock-slow").get("state").getAsString()).isEqualTo("problem");
        assertThat(finding(ended, "clock-slow").getAsJsonArray("values").get(0).getAsInt())
                .isBetween(80, 90);
        assertThat(finding(ended, "clock-slow").get("hint").getAsString()).contains("time zone");
    }

    @Test
    void aHubWhoseClockIsWrongDoesNotMakeOursWrong() throws Exception {
        assertThat(codes(doctorWhereClocksAreAhead(2), "")).contains("clock-right");
    }

    @Test
    void aNameThatLeadsHomeIsPoisoned() throws Exception {
        Path hosts = Files.writeString(elsewhere.resolve("hosts"), "127.0.0.1 huggingface.co\n127.0.0.1 localhost\n");

        Running.Ended ended = lab.away()
                .with("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts)
                .run("doctor", "--source", "huggingface", "--json")
                .exits(5);

        assertThat(finding(ended, "name-poisoned")
                        .getAsJsonArray("values")
                        .get(0)
                        .getAsString())
                .isEqualTo("127.0.0.1");
        assertThat(finding(ended, "name-poisoned").get("hint").getAsString()).contains("socks5://");
    }

    @Test
    void aCacheThatTakesNothingIsInTheWayHoweverGoodTheNetwork() throws Exception {
        Path file = Files.createFile(elsewhere.resolve("file"));

        Running.Ended ended = lab.program()
                .with("HF_HUB_CACHE", file.resolve("hub"))
                .run("doctor", "--json")
                .exits(5);

        assertThat(finding(ended, "cache-unwritable")
                        .getAsJsonArray("values")
                        .get(1)
                        .getAsString())
                .isEqualTo("HF_HUB_CACHE");
        assertThat(finding(ended, "cache-unwritable").get("hint").getAsString()).isNotEmpty();
        assertThat(codes(ended, "huggingface")).contains("api-answers");
    }

    @Test
    void offlineNobodyIsAsked() throws Exception {
        Running.Ended ended = lab.program()
                .with("HF_HUB_OFFLINE", "1")
                .run("doctor", "--json")
                .exits(5);

        assertThat(codes(ended, "")).contains("setting-offline", "cache-writable");
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void theHubThatTheEnvironmentLeavesOutIsNotAsked() throws Exception {
        Running.Ended ended = lab.away()
                .at(Map.of("modelscope", lab.hubs().modelScope().endpoint()))
                .with("HF_ENDPOINT", lab.hubs().mirror().endpoint())
                .run("doctor", "--json")
                .exits(0);

        assertThat(codes(ended, "huggingface")).containsExactly("setting-left-out");
        assertThat(codes(ended, "mirror")).contains("api-answers");
    }

    @Test
    void ofASourceThatIsNoWebServerOnlyWhatAppliesIsChecked() throws Exception {
        Running.Ended ended = lab.program()
                .withJar(SampleJar.ofDirectory(elsewhere))
                .at(Map.of("directory", elsewhere.toString()))
                .run("doctor", "--source", "directory", "--json")
                .exits(0);

        assertThat(codes(ended, "directory")).containsExactly("api-answers", "token-none");
    }

    @Test
    void itSpeaksChinese() throws Exception {
        lab.hubs().huggingFace().server().refuse();

        Running.Ended ended =
                lab.program().with("LC_ALL", "zh_CN.UTF-8").run("doctor").exits(0);

        assertThat(ended.out())
                .contains("本机", "无法建立连接：连接被拒绝", "怎么办：网络可能中断", "在这里可以下载。", "```")
                .doesNotContain("what to do");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--source=nowhere", "--token-file=/nowhere", "--proxy=mirror=ftp://x", "lab/tiny"})
    void whatMakesNoSenseIsRefused(String argument) throws Exception {
        assertThat(lab.program().run("doctor", argument).exits(2).out()).isEmpty();
        assertThat(lab.ledger().visits()).isEmpty();
    }
}

package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import dev.modelfetch.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonLinesTest {

    private static final FetchEvent.Failed FAILED = new FetchEvent.Failed(Samples.NOON, Samples.gated(), List.of());

    private static final FetchEvent WAITING = new FetchEvent.Waiting(
            Samples.NOON, Samples.NOON.minusSeconds(1), null, null, Map.of("cache", "another process is fetching a"));

    private static final FetchEvent LEFT =
            new FetchEvent.SourceLeft(Samples.NOON, "mirror", "m.example", "too many requests", Samples.at(41));

    static Stream<Map.Entry<String, FetchEvent>> events() {
        return Stream.of(
                Map.entry("probe", new FetchEvent.Probed(Samples.NOON, Samples.usable("mirror", 3))),
                Map.entry("resolved", Samples.resolved(Identity.PROVED, 2, 99)),
                Map.entry("file-start", new FetchEvent.FileStarted(Samples.NOON, "a", 9, 1, "mirror")),
                Map.entry("progress", new FetchEvent.Progress(Samples.NOON, "a", 5, 9, List.of("mirror"), Map.of())),
                Map.entry("source-join", new FetchEvent.SourceJoined(Samples.NOON, "mirror", "m.example", "direct")),
                Map.entry("source-leave", LEFT),
                Map.entry("resumed", new FetchEvent.Resumed(Samples.NOON, Samples.at(-43), "mirror")),
                Map.entry("hashing", new FetchEvent.Hashing(Samples.NOON, "a", 5, 9)),
                Map.entry("source-switch", new FetchEvent.SourceSwitched(Samples.NOON, "a", "x", "y", "slow")),
                Map.entry("retry", new FetchEvent.Retrying(Samples.NOON, "a", "x", "reset", Duration.ofSeconds(2))),
                Map.entry("waiting", WAITING),
                Map.entry("verify", new FetchEvent.Verified(Samples.NOON, "a", true, "")),
                Map.entry(
                        "file-done",
                        new FetchEvent.FileDone(Samples.NOON, Samples.item("a", 9, Verification.SELF, "mirror"))),
                Map.entry("done", new FetchEvent.Done(Samples.NOON, Samples.result())),
                Map.entry("error", FAILED));
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventIsWhatTheSchemaSays(Map.Entry<String, FetchEvent> expected) throws IOException {
        String text = Files.readString(Path.of("../docs/events.schema.json"));
        String line = lines().line(expected.getValue());

        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(text)
                        .validate(line, InputFormat.JSON))
                .as(line)
                .isEmpty();
        assertThat(JsonParser.parseString(text)
                        .getAsJsonObject()
                        .getAsJsonObject("$defs")
                        .has("event-" + expected.getKey()))
                .isTrue();
    }

    @Test
    void everyKindOfEventIsAmongThem() {
        assertThat(events().map(Map.Entry::getValue).map(Object::getClass).map(Class::getSimpleName))
                .containsAll(Stream.of(FetchEvent.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList());
    }

    @Test
    void aWaitHasTheTimesThatApplyAndItsCauses() {
        assertThat(lines().line(WAITING))
                .isEqualTo(
                        "{\"event\":\"waiting\",\"at\":\"" + Samples.NOON + "\",\"v\":1,\"since\":\""
                                + Samples.NOON.minusSeconds(1)
                                + "\",\"nextTry\":null,\"givesUp\":null,\"causes\":{\"cache\":\"another process is fetching a\"}}");
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventIsOneLineWithItsNameAndTime(Map.Entry<String, FetchEvent> expected) {
        String line = lines().line(expected.getValue());
        JsonObject json = JsonParser.parseString(line).getAsJsonObject();

        assertThat(line).doesNotContain("\n");
        assertThat(json.get("event").getAsString()).isEqualTo(expected.getKey());
        assertThat(json.get("at").getAsString()).isEqualTo("2026-11-21T12:00:00Z");
        assertThat(json.size()).isGreaterThan(2);
    }

    @Test
    void progressSaysWhichFileHowFarAndFromWhere() {
        assertThat(lines().line(new FetchEvent.Progress(Samples.NOON, "a/b", 5, 9, List.of("mirror"), Map.of())))
                .isEqualTo("{\"event\":\"progress\",\"at\":\"2026-11-21T12:00:00Z\",\"v\":1,\"path\":\"a/b\","
                        + "\"source\":\"mirror\",\"size\":9,\"done\":5,\"sources\":[\"mirror\"],\"received\":{},\"job\":{\"done\":0,\"size\":0,"
                        + "\"filesDone\":0,\"files\":0,\"bytesPerSecond\":null,\"secondsLeft\":null}}");
    }

    @Test
    void sourcesAreAListAndTheFormerFieldJoinsThem() {
        JsonObject two =
                json(new FetchEvent.Progress(Samples.NOON, "a", 5, 9, List.of("mirror", "modelscope"), Map.of()));
        JsonObject none = json(new FetchEvent.Progress(Samples.NOON, "a", 5, 9, List.of(), Map.of()));

        assertThat(two.get("source").getAsString()).isEqualTo("mirror,modelscope");
        assertThat(two.get("sources")).hasToString("[\"mirror\",\"modelscope\"]");
        assertThat(none.get("source").getAsString()).isEmpty();
        assertThat(none.get("sources")).hasToString("[]");
    }

    @Test
    void whoCameAndWhoWentHaveTheirHosts() {
        assertThat(json(new FetchEvent.SourceJoined(Samples.NOON, "mirror", "m.example", "direct")))
                .hasToString("{\"event\":\"source-join\",\"at\":\"2026-11-21T12:00:00Z\",\"v\":1,"
                        + "\"source\":\"mirror\",\"host\":\"m.example\",\"route\":\"direct\"}");
        assertThat(json(LEFT))
                .hasToString("{\"event\":\"source-leave\",\"at\":\"2026-11-21T12:00:00Z\",\"v\":1,"
                        + "\"source\":\"mirror\",\"host\":\"m.example\",\"reason\":\"too many requests\","
                        + "\"until\":\"2026-11-21T12:00:41Z\"}");
    }

    @Test
    void theEndOfAWaitSaysSinceWhenAndWhoAnswers() {
        assertThat(json(new FetchEvent.Resumed(Samples.NOON, Samples.at(-43), "mirror")))
                .hasToString("{\"event\":\"resumed\",\"at\":\"2026-11-21T12:00:00Z\",\"v\":1,"
                        + "\"since\":\"2026-11-21T11:59:17Z\",\"source\":\"mirror\"}");
    }

    @Test
    void hashingSaysHowFarItIs() {
        assertThat(json(new FetchEvent.Hashing(Samples.NOON, "a", 5, 9)))
                .hasToString("{\"event\":\"hashing\",\"at\":\"2026-11-21T12:00:00Z\",\"v\":1,"
                        + "\"path\":\"a\",\"done\":5,\"size\":9}");
    }

    @Test
    void aFailureIsToldOnce() {
        JsonLines lines = lines();
        lines.line(FAILED);

        assertThat(lines.failure(Exit.of(Samples.gated()), Samples.NOON)).isEmpty();
    }

    @Test
    void aFailureBeforeTheFirstEventIsToldToo() {
        assertThat(lines().failure(Exit.of(Samples.gated()), Samples.NOON))
                .singleElement()
                .asString()
                .startsWith("{\"event\":\"error\",\"at\":\"2026-11-21T12:00:00Z\",\"v\":1,\"error\":{\"code\":4");
    }

    @Test
    void whatIsAskedForIsListedUpFront() {
        JsonObject resolved = json(Samples.resolved(Identity.SAME, 2, 99));

        assertThat(resolved.get("list"))
                .hasToString("[{\"path\":\"file-0\",\"size\":99},{\"path\":\"file-1\",\"size\":0}]");
        assertThat(resolved.get("bytes").getAsLong()).isEqualTo(99);
    }

    @Test
    void progressSaysHowFarTheWholeJobIsAndItsEndWhoSentWhat() {
        Board board = new Board(Samples.NOON);
        JsonLines lines = new JsonLines(board);
        FetchEvent progress = new FetchEvent.Progress(
                Samples.at(2), "file-0", 50, 99, List.of("mirror"), Map.of("mirror", 40L, "modelscope", 10L));
        for (FetchEvent event : List.of(Samples.resolved(Identity.SAME, 2, 99), progress)) {
            board.accept(event);
        }

        JsonObject job =
                JsonParser.parseString(lines.line(progress)).getAsJsonObject().getAsJsonObject("job");
        assertThat(job.get("done").getAsLong()).isEqualTo(50);
        assertThat(job.get("size").getAsLong()).isEqualTo(99);
        assertThat(job.get("filesDone").getAsInt()).isZero();
        assertThat(job.get("files").getAsInt()).isEqualTo(2);
        assertThat(job.keySet()).contains("bytesPerSecond", "secondsLeft");
        assertThat(JsonParser.parseString(lines.line(new FetchEvent.Done(Samples.at(3), Samples.result())))
                        .getAsJsonObject()
                        .get("received"))
                .hasToString("{\"mirror\":40,\"modelscope\":10}");
    }

    private static JsonLines lines() {
        return new JsonLines(new Board(Samples.NOON));
    }

    private static JsonObject json(FetchEvent event) {
        return JsonParser.parseString(lines().line(event)).getAsJsonObject();
    }
}

package dev.modelfetch.it.bench;

import dev.modelfetch.it.bench.Scenario.Act;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The situations that are measured, each with its numbers. */
final class Scenarios {

    private static final long MIB = 1 << 20;
    private static final int SMALL_FILES = 3000;
    private static final int ROUND_TRIP = 30;

    private final double scale;

    /** @param scale factor on all sizes */
    Scenarios(double scale) {
        this.scale = scale;
    }

    List<Scenario> all() {
        return List.of(large(), shards(), small(), china(), unlimited(), repeat(), resume(), crawl(), outage());
    }

    /** What a tool is tried with before it is measured. */
    static Scenario trial() {
        return alone("-", "trial", weights("trial", 1, MIB), Line.unlimited(), Act.FETCH);
    }

    private Scenario large() {
        return alone(
                "a",
                "one %s file; 10 MB/s per connection, 80 MB/s together".formatted(text(2048)),
                weights("large", 1, bytes(2048)),
                Line.of(10, 80),
                Act.FETCH);
    }

    private Scenario shards() {
        return new Scenario(
                "b",
                ("16 shards of %s; mirror 4 MB/s per connection and 32 together, ModelScope 10 and 80; "
                                + "both refuse the 33rd download; the origin refuses connections")
                        .formatted(text(256)),
                weights("shards", 16, bytes(256)),
                Map.of(
                        Hub.MIRROR, Line.of(4, 32).refusing(32, 429),
                        Hub.MODEL_SCOPE, Line.of(10, 80).refusing(32, 403)),
                Optional.empty(),
                false,
                Act.FETCH);
    }

    private Scenario small() {
        int count = (int) Math.max(20, SMALL_FILES * scale);
        Map<String, Content> files = new HashMap<>();
        for (int i = 0; i < count; i++) {
            files.put("part-%02d/record-%04d.json".formatted(i % 30, i), Content.generated(i, 2048 + i % 4096));
        }
        return alone(
                "c",
                "%,d small files (2 to 6 KiB) of a dataset; 30 ms before each answer".formatted(count),
                Repository.dataset("bench/small").files(files),
                Line.unlimited().delayed(ROUND_TRIP),
                Act.FETCH);
    }

    private Scenario china() {
        return new Scenario(
                "d",
                ("China, cold: 4 shards of %s and 5 small files; the origin is mute, mirror 2 MB/s per connection and 8 "
                                + "together, ModelScope 10 and 80; 30 ms before each answer")
                        .formatted(text(128)),
                withSmallFiles(weights("china", 4, bytes(128))),
                Map.of(
                        Hub.MIRROR, Line.of(2, 8).delayed(ROUND_TRIP),
                        Hub.MODEL_SCOPE, Line.of(10, 80).delayed(ROUND_TRIP)),
                Optional.of(Hub.HUGGING_FACE),
                false,
                Act.FETCH);
    }

    /** The one in which the servers go as fast as they can. */
    Scenario unlimited() {
        return alone(
                "e",
                "one %s file; no limit, processor time counts".formatted(text(2048)),
                weights("unlimited", 1, bytes(2048)),
                Line.unlimited(),
                Act.BURN);
    }

    private Scenario repeat() {
        return alone(
                "f",
                "the same command again: 16 shards of %s and 5 small files are there; 30 ms before each answer"
                        .formatted(text(64)),
                withSmallFiles(weights("repeat", 16, bytes(64))),
                Line.unlimited().delayed(ROUND_TRIP),
                Act.REPEAT);
    }

    private Scenario resume() {
        return alone(
                "g",
                "resume of one %s file, stopped at 50 %%; 10 MB/s per connection, 80 MB/s together"
                        .formatted(text(1024)),
                weights("resume", 1, bytes(1024)),
                Line.of(10, 80),
                Act.RESUME);
    }

    private Scenario crawl() {
        return new Scenario(
                "h",
                ("files of %s and %s; the origin sends 150 KB/s altogether, the mirror 10 MB/s per connection and 40 "
                                + "together; ModelScope refuses connections")
                        .formatted(text(12), text(200)),
                Repository.model("bench/crawl")
                        .lfs("tokenizer.model", Content.repeated(12, bytes(12)))
                        .lfs("model.safetensors", Content.repeated(200, bytes(200))),
                Map.of(Hub.HUGGING_FACE, Line.crawling(150), Hub.MIRROR, Line.of(10, 40)),
                Optional.empty(),
                false,
                Act.FETCH);
    }

    private Scenario outage() {
        return alone(
                "i",
                "one %s file; 10 MB/s per connection, 40 MB/s together; half way nobody listens for %d s"
                        .formatted(text(200), Interruption.LENGTH.toSeconds()),
                weights("outage", 1, bytes(200)),
                Line.of(10, 40),
                Act.OUTAGE);
    }

    private static Scenario alone(String letter, String title, Repository repository, Line line, Act act) {
        Map<Hub, Line> lines = Map.of(Hub.HUGGING_FACE, line, Hub.MODEL_SCOPE, line);
        return new Scenario(letter, title, repository, lines, Optional.empty(), true, act);
    }

    private static Repository weights(String name, int shards, long size) {
        Repository repository = Repository.model("bench/" + name);
        for (int i = 1; i <= shards; i++) {
            String path = shards == 1 ? "model.safetensors" : "model-%05d-of-%05d.safetensors".formatted(i, shards);
            repository = repository.lfs(path, Content.repeated(i + name.hashCode(), size));
        }
        return repository;
    }

    private static Repository withSmallFiles(Repository repository) {
        Repository more = repository;
        for (String path : List.of("config.json", "generation_config.json", "README.md", "tokenizer_config.json")) {
            more = more.file(path, "{\"about\": \"%s\"}\n".formatted(path));
        }
        return more.file("tokenizer.json", Content.generated(7, 2 * MIB));
    }

    private long bytes(int mebibytes) {
        return Math.max(1, Math.round(mebibytes * scale)) * MIB;
    }

    private String text(int mebibytes) {
        long scaled = bytes(mebibytes) / MIB;
        return scaled % 1024 == 0 ? scaled / 1024 + " GiB" : scaled + " MiB";
    }
}

package dev.modelfetch.cli.screen;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.Identity;
import dev.modelfetch.Listing;
import dev.modelfetch.Manifest;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Values that tests show, made short to write. */
public final class Samples {

    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    public static final String SHA = "a".repeat(64);

    private Samples() {}

    public static Snapshot result(Snapshot.Item... files) {
        return result(Identity.SAME, files);
    }

    public static Snapshot result(Identity identity, Snapshot.Item... files) {
        long bytes = List.of(files).stream().mapToLong(Snapshot.Item::size).sum();
        return new Snapshot(
                Repo.of(RepoType.MODEL, "lab/tiny"),
                "main",
                COMMIT,
                "huggingface",
                Path.of("/hub/snap"),
                Path.of("/hub/snap"),
                "modelscope",
                identity,
                Duration.ofMillis(1234),
                bytes,
                0,
                List.of(files),
                List.of(usable("modelscope", 230), down("huggingface", 2800)));
    }

    public static Snapshot.Item item(String path, long size, Verification verified, String... from) {
        return new Snapshot.Item(path, size, SHA, List.of(from), verified, false);
    }

    public static Probe usable(String source, long millis) {
        return new Probe(source, "https://" + source + ".example", "direct", new Verdict.Usable(COMMIT), millis);
    }

    public static Probe down(String source, long millis) {
        return probe(source, new Verdict.Down("connect timed out", false), millis);
    }

    public static Probe probe(String source, Verdict verdict, long millis) {
        return new Probe(source, "https://" + source + ".example", "direct", verdict, millis);
    }

    public static FetchEvent.Resolved resolved(Identity identity, int files, long bytes) {
        Manifest manifest = new Manifest(
                "modelscope", "modelscope", Repo.of(RepoType.MODEL, "lab/tiny"), "master", COMMIT, List.of(), true);
        return new FetchEvent.Resolved(NOON, manifest, identity, "first to answer", selected(files, bytes), List.of());
    }

    /** So many files of so many bytes together. */
    static List<RepoFile> selected(int files, long bytes) {
        return IntStream.range(0, files)
                .mapToObj(i -> new RepoFile("file-" + i, i == 0 ? bytes : 0, null, null, false))
                .toList();
    }

    /** As an offline job tells of what another program stored: nobody listed it, nobody proves it. */
    public static FetchEvent.Resolved stored() {
        Manifest manifest = new Manifest(
                "cache", "modelscope", Repo.of(RepoType.MODEL, "lab/tiny"), "master", COMMIT, List.of(), false);
        return new FetchEvent.Resolved(
                NOON, manifest, Identity.UNPROVED, "all of it is stored", selected(2, 99), List.of());
    }

    public static FetchEvent.Progress progress(double second, String path, long done, long size) {
        return progress(second, path, done, size, "mirror");
    }

    public static FetchEvent.Progress progress(double second, String path, long done, long size, String... sources) {
        return new FetchEvent.Progress(at(second), path, done, size, List.of(sources), Map.of());
    }

    /** Nobody has answered since that second; two are known to be away. */
    public static FetchEvent.Waiting away(double second, double since) {
        return new FetchEvent.Waiting(
                at(second),
                at(since),
                at(second + 8),
                at(since + 600),
                Map.of("mirror", "connection refused", "huggingface", "name not found"));
    }

    public static FetchEvent.Resumed back(double second, double since) {
        return new FetchEvent.Resumed(at(second), at(since), "modelscope");
    }

    public static FetchEvent.SourceJoined joined(double second, String source) {
        return new FetchEvent.SourceJoined(at(second), source, "data." + source + ".example", "direct");
    }

    public static FetchEvent.SourceLeft left(double second, String source, String reason) {
        return new FetchEvent.SourceLeft(at(second), source, "data." + source + ".example", reason, at(second + 60));
    }

    public static Instant at(double second) {
        return NOON.plusMillis(Math.round(second * 1000));
    }

    public static Listing listing() {
        RepoFile config = new RepoFile("config.json", 25, null, Digest.gitBlob(COMMIT), false);
        RepoFile weights = new RepoFile("model.safetensors", 2_500_000, Digest.sha256(SHA), null, true);
        return new Listing(
                new Manifest(
                        "mirror",
                        "huggingface",
                        Repo.of(RepoType.MODEL, "lab/tiny"),
                        "main",
                        COMMIT,
                        List.of(config, weights),
                        true),
                Identity.SAME,
                "best usable answer, after 120 ms",
                List.of(
                        new Listing.Row(config, List.of("mirror")),
                        new Listing.Row(weights, List.of("mirror", "modelscope"))),
                List.of(usable("mirror", 300)));
    }

    public static Plan plan() {
        Listing listing = listing();
        return new Plan(
                listing,
                Path.of("/hub/snap"),
                List.of(
                        new Plan.Item(listing.rows().get(0).file(), List.of("mirror"), true, 25),
                        new Plan.Item(listing.rows().get(1).file(), List.of("mirror", "modelscope"), false, 500_000)),
                80_000_000);
    }

    public static FetchException gated() {
        return new FetchException.AccessDenied("lab/tiny is gated at huggingface.", "Ask for access.")
                .withProbes(List.of(probe("huggingface", new Verdict.NeedsAuth("gated"), 120)));
    }
}

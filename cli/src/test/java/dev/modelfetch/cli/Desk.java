package dev.modelfetch.cli;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.FetchResult;
import dev.modelfetch.Identity;
import dev.modelfetch.Listing;
import dev.modelfetch.Manifest;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A program whose console is kept in memory and whose engine answers what the test says. */
final class Desk {

    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String SHA = "a".repeat(64);

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final Map<String, String> environment = new HashMap<>();
    final List<Setup> setups = new ArrayList<>();
    final List<FetchRequest> requests = new ArrayList<>();
    final List<Path> directories = new ArrayList<>();
    final List<SourceChoice> choices = new ArrayList<>();
    List<FetchEvent> events = List.of();
    List<Probe> probes = List.of();
    FetchResult result = result(item("config.json", 25, Verification.CROSS, "modelscope"));
    StoredCheck check = new StoredCheck(Path.of("/hub/snap"), COMMIT, "stored listing", List.of());
    RuntimeException failure;
    String input = "";
    boolean terminal;
    int closed;

    int run(String... args) {
        return new Program(around()).run(args);
    }

    Surroundings around() {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                environment,
                terminal,
                80);
        return new Surroundings(console, setup -> {
            setups.add(setup);
            return calls();
        });
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    FetchRequest request() {
        return requests.get(requests.size() - 1);
    }

    private Calls calls() {
        return new Calls(
                FetchRequest::builder,
                (request, listener) -> {
                    requests.add(request);
                    return job(listener);
                },
                (request, listener) -> answer(request, listener, plan()),
                (request, listener) -> answer(request, listener, listing()),
                (choice, repo, revision) -> {
                    choices.add(choice);
                    return probes;
                },
                request -> answer(request, FetchListener.SILENT, check),
                directory -> {
                    directories.add(directory);
                    return check;
                },
                () -> closed++);
    }

    private CompletableFuture<FetchResult> job(FetchListener listener) {
        events.forEach(listener::onEvent);
        return failure == null ? CompletableFuture.completedFuture(result) : CompletableFuture.failedFuture(failure);
    }

    private <T> T answer(FetchRequest request, FetchListener listener, T value) {
        requests.add(request);
        events.forEach(listener::onEvent);
        if (failure != null) {
            throw failure;
        }
        return value;
    }

    static FetchResult result(FetchResult.Item... files) {
        return result(Identity.SAME, files);
    }

    static FetchResult result(Identity identity, FetchResult.Item... files) {
        long bytes = List.of(files).stream().mapToLong(FetchResult.Item::size).sum();
        return new FetchResult(
                Repo.of(RepoType.MODEL, "lab/tiny"),
                "main",
                COMMIT,
                "huggingface",
                Path.of("/hub/snap"),
                "modelscope",
                identity,
                Duration.ofMillis(1234),
                bytes,
                0,
                List.of(files),
                List.of(usable("modelscope", 230), down("huggingface", 2800)));
    }

    static FetchResult.Item item(String path, long size, Verification verified, String... from) {
        return new FetchResult.Item(path, size, SHA, List.of(from), verified, false);
    }

    static Probe usable(String source, long millis) {
        return new Probe(source, "https://" + source + ".example", "direct", new Verdict.Usable(COMMIT), millis);
    }

    static Probe down(String source, long millis) {
        return probe(source, new Verdict.Down("connect timed out", false), millis);
    }

    static Probe probe(String source, Verdict verdict, long millis) {
        return new Probe(source, "https://" + source + ".example", "direct", verdict, millis);
    }

    static FetchEvent.Resolved resolved(Identity identity, int files, long bytes) {
        Manifest manifest = new Manifest(
                "modelscope", "modelscope", Repo.of(RepoType.MODEL, "lab/tiny"), "master", COMMIT, List.of(), true);
        return new FetchEvent.Resolved(NOON, manifest, identity, "first to answer", files, bytes, List.of());
    }

    static FetchEvent.Progress progress(double second, String path, long done, long size) {
        return new FetchEvent.Progress(at(second), path, done, size, "mirror");
    }

    static Instant at(double second) {
        return NOON.plusMillis(Math.round(second * 1000));
    }

    static Listing listing() {
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
                List.of(
                        new Listing.Row(config, List.of("mirror")),
                        new Listing.Row(weights, List.of("mirror", "modelscope"))),
                List.of(usable("mirror", 300)));
    }

    static Plan plan() {
        Listing listing = listing();
        return new Plan(
                listing,
                Path.of("/hub/snap"),
                List.of(
                        new Plan.Item(listing.rows().get(0).file(), List.of("mirror"), true, 25),
                        new Plan.Item(listing.rows().get(1).file(), List.of("mirror", "modelscope"), false, 500_000)),
                80_000_000);
    }

    static FetchException gated() {
        return new FetchException.AccessDenied("lab/tiny is gated at huggingface.", "Ask for access.")
                .withProbes(List.of(probe("huggingface", new Verdict.NeedsAuth("gated"), 120)));
    }

    static Optional<String> lastLine(String text) {
        return text.lines().reduce((first, second) -> second);
    }
}

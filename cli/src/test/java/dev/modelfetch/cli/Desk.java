package dev.modelfetch.cli;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Probe;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verification;
import dev.modelfetch.cli.screen.MemoryConsole;
import dev.modelfetch.cli.screen.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A program whose console is kept in memory and whose engine answers what the test says. */
final class Desk extends MemoryConsole {

    final List<Setup> setups = new ArrayList<>();
    final List<FetchRequest> requests = new ArrayList<>();
    final List<Path> directories = new ArrayList<>();
    final List<SourceChoice> choices = new ArrayList<>();
    List<FetchEvent> events = List.of();
    List<Probe> probes = List.of();
    Snapshot result = Samples.result(Samples.item("config.json", 25, Verification.CROSS, "modelscope"));
    StoredCheck check = new StoredCheck(Path.of("/hub/snap"), Samples.COMMIT, "stored listing", List.of());
    RuntimeException failure;
    int closed;

    int run(String... args) {
        return new Program(around()).run(args);
    }

    Surroundings around() {
        return new Surroundings(console(), setup -> {
            setups.add(setup);
            return calls();
        });
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
                (request, listener) -> answer(request, listener, Samples.plan()),
                (request, listener) -> answer(request, listener, Samples.listing()),
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

    private CompletableFuture<Snapshot> job(FetchListener listener) {
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
}

package dev.modelfetch.cli;

import dev.modelfetch.Accounts;
import dev.modelfetch.Alias;
import dev.modelfetch.Cache;
import dev.modelfetch.Depot;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.Diagnosis;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Sample;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verification;
import dev.modelfetch.cli.screen.MemoryConsole;
import dev.modelfetch.cli.screen.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    Diagnosis diagnosis = new Diagnosis(true, List.of(), List.of());
    final FakeCache cache = new FakeCache();
    final FakeAccounts accounts = new FakeAccounts();
    RuntimeException failure;
    int closed;

    int run(String... args) {
        return new Program(around()).run(args);
    }

    Surroundings around() {
        return new Surroundings(console(), setup -> {
            setups.add(setup);
            return new Fake();
        });
    }

    FetchRequest request() {
        return requests.get(requests.size() - 1);
    }

    /** What stands behind the front door here. */
    class Fake implements Modelfetch {

        @Override
        public FetchRequest.Builder request(String address) {
            return FetchRequest.builder(address);
        }

        @Override
        public Snapshot fetch(FetchRequest request, FetchListener... listeners) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FetchJob start(FetchRequest request, FetchListener... listeners) {
            requests.add(request);
            events.forEach(listeners[0]::onEvent);
            return new FakeJob(
                    request,
                    failure == null
                            ? CompletableFuture.completedFuture(result)
                            : CompletableFuture.failedFuture(failure));
        }

        @Override
        public Optional<Snapshot> find(FetchRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Listing list(FetchRequest request, FetchListener... listeners) {
            return answer(request, Samples.listing(), listeners);
        }

        @Override
        public Plan plan(FetchRequest request, FetchListener... listeners) {
            return answer(request, Samples.plan(), listeners);
        }

        @Override
        public List<Probe> probe(SourceChoice choice, FetchListener... listeners) {
            choices.add(choice);
            for (FetchListener listener : listeners) {
                probes.forEach(probe -> listener.onEvent(new FetchEvent.Probed(Samples.NOON, probe)));
            }
            return probes;
        }

        @Override
        public List<Probe> probe(FetchRequest request, FetchListener... listeners) {
            return probe(request.source(), listeners);
        }

        @Override
        public List<Sample> sample(FetchRequest request) {
            return List.of(new Sample("mirror", "direct", Optional.of("cdn.test"), 65_536, 120, Optional.empty()));
        }

        @Override
        public Accounts accounts() {
            return accounts;
        }

        @Override
        public List<Alias> aliases(Optional<Repo> repo) {
            return List.of(
                    new Alias(Repo.of(RepoType.MODEL, "gpt2"), "modelscope", "AI-ModelScope/gpt2", "table: tests"));
        }

        @Override
        public Diagnosis examine(SourceChoice choice) {
            choices.add(choice);
            return diagnosis;
        }

        @Override
        public Depot depot(DepotOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StoredCheck verify(FetchRequest request) {
            return answer(request, check);
        }

        @Override
        public StoredCheck verify(Path directory) {
            directories.add(directory);
            return check;
        }

        @Override
        public Cache cache() {
            return cache;
        }

        @Override
        public Cache cache(Path root) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<SourceInfo> sources() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void limitRate(long bytesPerSecond) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean close(Duration atMost) {
            closed++;
            return true;
        }

        private <T> T answer(FetchRequest request, T value, FetchListener... listeners) {
            requests.add(request);
            events.forEach(event -> List.of(listeners).forEach(listener -> listener.onEvent(event)));
            if (failure != null) {
                throw failure;
            }
            return value;
        }
    }
}

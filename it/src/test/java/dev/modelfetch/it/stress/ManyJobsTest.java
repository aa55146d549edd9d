package dev.modelfetch.it.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.it.e2e.Contents;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that asks for everything at once, and changes its mind: hundreds of jobs, some of them cancelled, timed out,
 * or waited for by threads that are interrupted. Afterwards nothing is left of them but what they stored.
 */
class ManyJobsTest {

    private static final int REPOSITORIES = 10;
    private static final int AT_ONCE = 8;
    /** What one job may have: itself, its questions, its watch, and a worker for each file. */
    private static final int THREADS_OF_A_JOB = 45;

    @TempDir
    Path home;

    /** What one job has told. */
    private static final class Story implements FetchListener {
        private final List<FetchEvent> events = new ArrayList<>();

        @Override
        public synchronized void onEvent(FetchEvent event) {
            events.add(event);
        }

        synchronized List<FetchEvent> events() {
            return List.copyOf(events);
        }
    }

    @Test
    @Timeout(300)
    void nothingIsLeftOfJobsThatWereCancelledTimedOutOrInterrupted() throws Exception {
        run(60, 20261126L);
    }

    @Test
    @Tag("stress")
    @Timeout(900)
    void norOfThreeHundred() throws Exception {
        run(300, Long.getLong("stress.seed", System.nanoTime()));
    }

    private void run(int count, long seed) throws Exception {
        Random dice = new Random(seed);
        List<Repository> repositories = repositories();
        List<Story> stories = new ArrayList<>();
        try (MiniHubs hubs = MiniHubs.start(repositories.toArray(new Repository[0]))) {
            // The first connection of a JVM leaves a socket behind that belongs to nobody.
            everythingIsThereInTheEnd(hubs, repositories.subList(0, 1));
            await().atMost(Duration.ofMinutes(1)).until(() -> ours() == 0);
            long sockets = descriptors("socket:");
            AtomicInteger mostThreads = new AtomicInteger();
            Modelfetch modelfetch = open(hubs);
            List<FetchJob> jobs = new ArrayList<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Story story = new Story();
                stories.add(story);
                FetchRequest request = request(modelfetch, repositories, dice);
                if (dice.nextInt(4) == 0) {
                    callers.add(caller(modelfetch, request, story));
                } else {
                    jobs.add(
                            modelfetch.start(request, story, event -> mostThreads.accumulateAndGet(ours(), Math::max)));
                }
            }
            for (FetchJob job : jobs) {
                switch (dice.nextInt(6)) {
                    case 0 -> job.cancel();
                    case 1 -> job.result().thenApply(Snapshot::root).cancel(false);
                    case 2 -> {
                        var unused = job.result().orTimeout(dice.nextInt(500), TimeUnit.MILLISECONDS);
                    }
                    default -> {}
                }
            }
            for (Thread caller : callers) {
                if (dice.nextBoolean()) {
                    caller.interrupt();
                }
            }
            for (FetchJob job : jobs.subList(0, jobs.size() / 2)) {
                assertThat(job.awaitEnd(Duration.ofMinutes(5))).isTrue();
            }

            assertThat(modelfetch.close(Duration.ofMinutes(1)))
                    .as("seed %s", seed)
                    .isTrue();

            for (Thread caller : callers) {
                caller.join(60_000);
                assertThat(caller.isAlive()).isFalse();
            }
            assertThat(stories).as("seed %s", seed).allSatisfy(ManyJobsTest::endsOnce);
            assertThat(mostThreads.get()).isLessThanOrEqualTo(AT_ONCE * THREADS_OF_A_JOB);
            assertThat(descriptors(home.toString())).isZero();
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                assertThat(ours()).isZero();
                assertThat(descriptors("socket:")).isLessThanOrEqualTo(sockets);
            });
            assertThat(hubs.ledger().failures()).isEmpty();
            everythingIsThereInTheEnd(hubs, repositories);
        }
    }

    private static void endsOnce(Story story) {
        List<FetchEvent> events = story.events();
        assertThat(events).isNotEmpty();
        assertThat(events.stream()
                        .filter(event -> event instanceof FetchEvent.Done || event instanceof FetchEvent.Failed))
                .singleElement()
                .isSameAs(events.get(events.size() - 1));
        if (events.get(events.size() - 1) instanceof FetchEvent.Failed failed) {
            assertThat(failed.error()).isInstanceOf(FetchException.Cancelled.class);
        }
    }

    /** The next that wants all of it gets it, whatever state it was left in. */
    private void everythingIsThereInTheEnd(MiniHubs hubs, List<Repository> repositories) throws IOException {
        try (Modelfetch modelfetch = open(hubs)) {
            for (Repository repository : repositories) {
                Snapshot snapshot =
                        modelfetch.fetch(modelfetch.request(repository.id()).build());
                assertThat(Contents.of(snapshot.root())).isEqualTo(Contents.of(repository));
            }
        }
        assertThat(descriptors(home.toString())).isZero();
    }

    private static List<Repository> repositories() {
        List<Repository> repositories = new ArrayList<>();
        for (int i = 0; i < REPOSITORIES; i++) {
            Repository repository = Repository.model("acme-lab/many-" + i)
                    .file("config.json", "{\"number\": " + i + "}\n")
                    .lfs("model.safetensors", Content.generated(100 + i, 3_000_000));
            for (int file = 0; file < 8; file++) {
                repository = repository.file("text-" + file + ".md", "# " + i + "." + file + "\n".repeat(500));
            }
            repositories.add(repository);
        }
        return repositories;
    }

    private static FetchRequest request(Modelfetch modelfetch, List<Repository> repositories, Random dice) {
        Repository repository = repositories.get(dice.nextInt(repositories.size()));
        return modelfetch
                .request(repository.id())
                .priority(dice.nextInt(3))
                .force(dice.nextInt(5) == 0)
                .build();
    }

    private static Thread caller(Modelfetch modelfetch, FetchRequest request, Story story) {
        Thread caller = new Thread(
                () -> {
                    try {
                        modelfetch.fetch(request, story);
                    } catch (FetchException.Cancelled | CompletionException e) {
                        // What the dice wanted.
                    }
                },
                "caller");
        caller.start();
        return caller;
    }

    private Modelfetch open(MiniHubs hubs) {
        Modelfetch.Builder builder = Modelfetch.builder()
                .environment(Map.of("HOME", home.toString()))
                .maxJobs(AT_ONCE);
        hubs.endpoints().forEach(builder::endpoint);
        return builder.build();
    }

    private static int ours() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("modelfetch-"))
                .count();
    }

    /** Open ones whose target begins like that. */
    private static long descriptors(String target) throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        try (Stream<Path> links = Files.list(own)) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().startsWith(target);
                        } catch (IOException closedMeanwhile) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}

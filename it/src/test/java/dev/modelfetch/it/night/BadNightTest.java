package dev.modelfetch.it.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.it.e2e.Contents;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Running;
import dev.modelfetch.it.night.Trouble.What;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.Visit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One command on a line so narrow that it takes all night, while servers go away and come back in every manner, links
 * expire, a branch moves, and the program is killed and started again. In the end everything is there and hardly anything
 * came twice. {@code -Dnight.seed=} repeats the dice, {@code -Dnight.minutes=} says how long the long one is.
 */
class BadNightTest {

    private static final long SEED = Long.getLong("night.seed", System.nanoTime());
    private static final int MINUTES = Integer.getInteger("night.minutes", 10);

    private static final long MEGABYTE = 1 << 20;
    private static final int LARGE_FILES = 5;
    private static final int SMALL_FILES = 40;
    private static final String README = "README.md";

    /** What part of the line leads to each hub. */
    private static final Map<String, Double> SHARES = Map.of("huggingface", 0.35, "mirror", 0.25, "modelscope", 0.4);

    /** The exit status of a process that was ended by force. */
    private static final int BY_FORCE = 137;

    /** Whatever cuts answers loses what was sent of them and not yet read and written: so many seconds of those lines. */
    private static final double UNREAD_SECONDS = 0.25;

    /** A kill also loses what came in since the journals were last written. */
    private static final double UNRECORDED_SECONDS = 0.25;

    /**
     * Quicker connections take over from slower ones, which cuts an answer as well: on a narrow line one for half a megabyte,
     * for some twenty kilobytes. That much of everything, nights or not.
     */
    private static final double TAKEN_OVER = 1.0 / 16;

    @RegisterExtension
    final Lab lab = Lab.of();

    @Test
    void aShortOne() throws Exception {
        live(Duration.ofSeconds(18), 200 * MEGABYTE, 12, 2);
    }

    @Tag("night")
    @Test
    void aLongOne() throws Exception {
        live(Duration.ofMinutes(MINUTES), Math.max(240, 50 * MINUTES) * MEGABYTE, 4 * MINUTES, 1 + MINUTES / 3);
    }

    private void live(Duration length, long size, int outages, int kills) throws Exception {
        Night night = Night.of(new Random(SEED), length, outages, kills);
        Repository model = model(size);
        Repository moved = model.file(README, "# Awakening\n");
        hubs().forEach((name, hub) -> put(name, model));
        // With nothing going wrong it takes all night: everything happens before the end.
        double line = bytes(model) / (length.toMillis() / 1e3);
        hubs().forEach((name, hub) -> {
            Fault pace = Fault.totalRate((long) (line * SHARES.getOrDefault(name, 0.0)));
            hub.faults().add(pace.onFiles());
            hub.dataFaults().add(pace);
        });
        long allowed = (long) (loss(night, line) + TAKEN_OVER * bytes(model)) + (kills + 1) * small(model);
        int starts = 0;
        boolean over = false;
        try (Weather weather = new Weather(hubs(), name -> put(name, moved))) {
            Running.Ended ended;
            do {
                Running run = start(model, length);
                weather.threaten(run.handle());
                if (starts++ == 0) {
                    await().until(() -> sent() > 0);
                    weather.begin(night);
                }
                run.handle()
                        .onExit()
                        .completeOnTimeout(run.handle(), 10 * length.toSeconds(), TimeUnit.SECONDS)
                        .join();
                ended = run.end();
            } while (ended.code() == BY_FORCE && starts <= weather.seen(What.KILLED));

            assertIsAnEditionOf(ended.path(), model, moved);
            assertThat(weather.seen()).as("the whole night").hasSameSizeAs(night.troubles());
            assertThat(sent() - bytes(model)).as("bytes that came twice").isBetween(0L, allowed);
            over = true;
        } finally {
            System.out.printf(
                    "Night of %d s, -Dnight.seed=%d: %d troubles, %d starts; %,d bytes sent for %,d, %,d more allowed%n%s",
                    length.toSeconds(),
                    SEED,
                    night.troubles().size(),
                    starts,
                    sent(),
                    bytes(model),
                    allowed,
                    over ? "" : night);
        }
    }

    /**
     * What may have to come twice because of the night: an outage, or links that expire, may cut all answers of those
     * servers, a kill all there are.
     */
    private static long loss(Night night, double line) {
        double seconds = night.count(What.KILLED) * UNRECORDED_SECONDS;
        for (Trouble trouble : night.troubles()) {
            seconds += UNREAD_SECONDS
                    * switch (trouble.what()) {
                        case KILLED -> 1;
                        case BRANCH_MOVED -> 0;
                        default ->
                            SHARES.entrySet().stream()
                                    .filter(share -> trouble.befalls(share.getKey()))
                                    .mapToDouble(Map.Entry::getValue)
                                    .sum();
                    };
        }
        return (long) (seconds * line);
    }

    /** Patience that is asked for holds from the start: also where the program is started while everybody is away. */
    private Running start(Repository model, Duration length) throws IOException {
        String patience = length.plusMinutes(1).toSeconds() + "s";
        return lab.program().start(model.id(), "--progress", "plain", "--give-up-after", patience);
    }

    private Map<String, MiniHub<?>> hubs() {
        return Map.of(
                "huggingface", lab.hubs().huggingFace(),
                "mirror", lab.hubs().mirror(),
                "modelscope", lab.hubs().modelScope());
    }

    private void put(String hub, Repository repository) {
        hubs().get(hub).catalogue().put(hub.equals("modelscope") ? repository.at("modelscope") : repository);
    }

    /** Whichever source and moment the last start was bound to: one edition or the other. */
    private static void assertIsAnEditionOf(Path snapshot, Repository... editions) throws IOException {
        Map<String, SortedMap<String, String>> byCommit = new TreeMap<>();
        for (Repository edition : editions) {
            byCommit.put(edition.head().id(), Contents.of(edition));
            byCommit.put(edition.at("modelscope").head().id(), Contents.of(edition));
        }
        assertThat(byCommit).containsEntry(snapshot.getFileName().toString(), Contents.of(snapshot));
    }

    private long sent() {
        return lab.ledger().visits().stream()
                .filter(visit -> !visit.file().isEmpty() && visit.status() / 100 == 2)
                .mapToLong(Visit::bytes)
                .sum();
    }

    private static Repository model(long size) {
        Map<String, Content> small = new TreeMap<>();
        for (int i = 0; i < SMALL_FILES; i++) {
            small.put("text/part-%02d.txt".formatted(i), Content.generated(100 + i, 2_000 + 500 * i));
        }
        Repository model = Repository.model("acme-lab/sleepless")
                .files(small)
                .file(README, "# Sleepless\n")
                .file("config.json", "{}\n");
        for (int i = 1; i <= LARGE_FILES; i++) {
            // None as long as another, and none as round as a piece.
            model = model.lfs("weights-%d.bin".formatted(i), Content.generated(i, size / LARGE_FILES + 77_777L * i));
        }
        return model;
    }

    private static long bytes(Repository repository) {
        return repository.head().files().values().stream()
                .mapToLong(file -> file.content().size())
                .sum();
    }

    /** What each start may have to fetch again, because hubs name small contents differently. */
    private static long small(Repository repository) {
        return repository.head().files().values().stream()
                .filter(file -> !file.lfs())
                .mapToLong(file -> file.content().size())
                .sum();
    }
}

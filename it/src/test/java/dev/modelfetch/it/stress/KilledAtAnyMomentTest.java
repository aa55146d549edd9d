package dev.modelfetch.it.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Running;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.Visit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills the program, outright and politely in turn, at random moments of its life; looks at what it left after each kill
 * and at what a last run makes of it. {@code -Dstress.kills=} says how often, {@code -Dstress.seed=} repeats the dice.
 */
class KilledAtAnyMomentTest {

    private static final int KILLS = Integer.getInteger("stress.kills", 200);
    private static final long SEED = Long.getLong("stress.seed", System.nanoTime());

    /** Bytes a second of each hub: a run takes a second or two. */
    private static final long LINE = 16 << 20;

    /** What the journal need not know yet when the program is killed outright: so much of each connection... */
    private static final long UNRECORDED = 1 << 20;

    /** ...and no more than came in within this time. */
    private static final long UNRECORDED_MILLIS = 250;

    /** Of each connection: the hub has sent it, and it is in a socket or has been read but not written. */
    private static final long ON_THE_WAY = 512 << 10;

    private static final Repository MODEL = model();

    private static final long SIZE = MODEL.head().files().values().stream()
            .mapToLong(file -> file.content().size())
            .sum();

    @RegisterExtension
    final Lab lab = Lab.of(MODEL);

    /** Slow enough to be caught at everything; small files do not all come at once. */
    @BeforeEach
    void slowDown() {
        for (MiniHub<?> hub : List.of(lab.hubs().huggingFace(), lab.hubs().mirror())) {
            hub.dataFaults().add(Fault.totalRate(LINE));
            hub.faults().add(Fault.delay(Duration.ofMillis(10)).onFiles());
        }
    }

    @Test
    void aFewKills() throws Exception {
        kill(Layout.CACHE, 8);
    }

    @Tag("stress")
    @ParameterizedTest
    @EnumSource
    void manyKills(Layout layout) throws Exception {
        kill(layout, layout == Layout.CACHE ? KILLS : KILLS / 4);
    }

    /** Whatever moment one of two is killed at, the other brings it to an end, and fetches no more than one had lost. */
    @Tag("stress")
    @ParameterizedTest
    @EnumSource
    void oneOfTwoIsKilled(Layout layout) throws Exception {
        Random random = new Random(SEED);
        Remains remains = new Remains(layout, lab, MODEL);
        try (Toll toll = new Toll(layout + ", two at once")) {
            for (int round = 0; round < Math.max(1, KILLS / 10); round++) {
                lab.ledger().clear();
                Moment moment = Moment.next(random, remains, lab.ledger());
                Running one = start(layout, "huggingface");
                Running other = start(layout, "mirror");
                moment.await(one.handle());
                one.handle().destroyForcibly();
                Running.Ended ended = one.end();
                if (ended.code() != 0) {
                    toll.kill(moment, true);
                    ended.exits(137);
                }
                other.end().exits(0);
                remains.checkedAtTheEnd(toll.killsSinceWipe());
                toll.finishedByAnother(sent(), connections(), remains.passing());
                remains.wipe();
            }
        }
    }

    private void kill(Layout layout, int kills) throws Exception {
        Random random = new Random(SEED);
        Remains remains = new Remains(layout, lab, MODEL);
        try (Toll toll = new Toll(layout.toString())) {
            while (toll.kills() < kills) {
                lab.ledger().clear();
                Moment moment = Moment.next(random, remains, lab.ledger());
                Running run = start(layout, random.nextBoolean() ? "huggingface" : "mirror");
                moment.await(run.handle());
                boolean outright = toll.kills() % 2 == 0;
                if (outright) {
                    run.handle().destroyForcibly();
                } else {
                    run.handle().destroy();
                }
                Running.Ended ended = run.end();
                if (ended.code() == 0) {
                    finished(remains, toll);
                    remains.wipe();
                } else {
                    toll.kill(moment, outright);
                    ended.exits(outright ? 137 : 143);
                    toll.lost(remains.checked(toll.killsSinceWipe()), sent(), outright, connections());
                }
            }
            lab.ledger().clear();
            start(layout, "huggingface").end().exits(0);
            finished(remains, toll);
        }
    }

    private void finished(Remains remains, Toll toll) throws IOException {
        remains.checkedAtTheEnd(toll.killsSinceWipe());
        toll.finished(sent(), connections(), remains.passing());
    }

    private Running start(Layout layout, String source) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(MODEL.id(), "--source", source, "-q"));
        arguments.addAll(layout.options(lab, MODEL));
        return lab.program().start(arguments.toArray(String[]::new));
    }

    private long sent() {
        return lab.ledger().visits().stream()
                .filter(visit -> !visit.file().isEmpty() && visit.status() / 100 == 2)
                .mapToLong(Visit::bytes)
                .sum();
    }

    /** How many were in use at one time. */
    private int connections() {
        return List.of("huggingface", "huggingface-data", "mirror", "mirror-data").stream()
                .mapToInt(lab.ledger()::peak)
                .sum();
    }

    private static Repository model() {
        Map<String, Content> small = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            small.put("text/part-%02d.txt".formatted(i), Content.generated(100 + i, 2_000 + 100 * i));
        }
        return Repository.model("acme-lab/stress")
                .files(small)
                .file(".gitattributes", "")
                .file("config.json", "{}\n")
                .lfs("tokenizer.model", Content.generated(3, 3 << 20))
                .lfs("adapter.bin", Content.generated(4, (2 << 20) + 12_345))
                .lfs("weights.bin", Content.generated(5, (12 << 20) + 1));
    }

    /** What happened, in numbers, told at the end or failure; and that no kill cost more than it may. */
    private static final class Toll implements AutoCloseable {
        private final String title;
        private final Map<String, Integer> moments = new TreeMap<>();
        private final LongSummaryStatistics lostOutright = new LongSummaryStatistics();
        private final LongSummaryStatistics lostPolitely = new LongSummaryStatistics();
        private String last = "none yet";
        private int sinceWipe;
        private int finished;
        private long kept;
        private long passing;

        Toll(String title) {
            this.title = title;
        }

        int kills() {
            return moments.values().stream().mapToInt(Integer::intValue).sum();
        }

        int killsSinceWipe() {
            return sinceWipe;
        }

        void kill(Moment moment, boolean outright) {
            moments.merge(moment.name(), 1, Integer::sum);
            sinceWipe++;
            last = (outright ? "SIGKILL after " : "SIGTERM after ") + moment;
        }

        /** @param now what need not be fetched again */
        void lost(long now, long sent, boolean outright, int connections) {
            long lost = sent - (now - kept);
            kept = now;
            long journal = outright ? Math.min(connections * UNRECORDED, LINE * UNRECORDED_MILLIS / 1000) : 0;
            assertThat(lost)
                    .as("bytes lost by %s, over %d connections", this, connections)
                    .isLessThanOrEqualTo(journal + connections * ON_THE_WAY);
            (outright ? lostOutright : lostPolitely).accept(lost);
        }

        void finished(long sent, int connections, long left) {
            assertThat(kept + sent - SIZE)
                    .as("bytes fetched twice without need, after %s", this)
                    .isBetween(0L, connections * ON_THE_WAY);
            finished++;
            passing += left;
            sinceWipe = 0;
            kept = 0;
        }

        /** As {@link #finished}, when another process has made up for the kill in the same round. */
        void finishedByAnother(long sent, int connections, long left) {
            lost(SIZE, sent, sinceWipe > 0, connections);
            finished(0, connections, left);
        }

        @Override
        public void close() {
            System.out.println(title + ", -Dstress.seed=" + SEED + ": " + this);
        }

        @Override
        public String toString() {
            return "%d kills %s, the last one %s; %d complete runs; lost by SIGKILL %s, by SIGTERM %s; %d temporary files left"
                    .formatted(kills(), moments, last, finished, figures(lostOutright), figures(lostPolitely), passing);
        }

        private static String figures(LongSummaryStatistics bytes) {
            return "%,.0f bytes on average, %,d at most".formatted(bytes.getAverage(), Math.max(0, bytes.getMax()));
        }
    }
}

package dev.modelfetch.internal.transfer;

import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;

/** Offers of one file and a clock. */
abstract class FailoverBench {

    static final RepoFile FILE = Bytes.large("model.bin", Bytes.random(100, 1));

    static final HttpUrl ORIGIN = HttpUrl.get("http://127.0.0.1:1/");

    static final HttpUrl MIRROR = HttpUrl.get("http://127.0.0.1:2/");

    static final Verdict RESET = new Verdict.Down("connection reset", false);

    static final Verdict GONE = new Verdict.NotHere(Verdict.What.FILE, "no such file");

    /** Real time, and what the test adds to it. */
    final AtomicLong skipped = new AtomicLong();

    final Offer origin = offer(FakeSource.huggingface(ORIGIN));

    final Offer mirror = offer(FakeSource.mirror(MIRROR));

    final ConnectionBudget budget = new ConnectionBudget(8, true, this::now);

    final List<Offer> offers = new ArrayList<>();

    final AtomicInteger waited = new AtomicInteger();

    long now() {
        return System.nanoTime() + skipped.get();
    }

    void skip(Duration time) {
        skipped.addAndGet(time.toNanos());
    }

    /** Who is asked now. */
    Offer current(Failover failover) throws InterruptedException {
        Place place = enter(failover);
        failover.leave(place);
        return place.offer();
    }

    static Place enter(Failover failover) throws InterruptedException {
        while (true) {
            var place = failover.enter(true);
            if (place.isPresent()) {
                return place.get();
            }
        }
    }

    static List<Offer> entered(Failover failover) throws InterruptedException {
        return List.of(enter(failover).offer(), enter(failover).offer());
    }

    List<Place> places() {
        return budget.all();
    }

    void fail(Failover failover, Verdict verdict, HttpUrl at) throws InterruptedException {
        fail(failover, Fault.of(verdict, at));
    }

    void fail(Failover failover, Fault fault) throws InterruptedException {
        Place place = enter(failover);
        failover.failed(place, fault);
        failover.leave(place);
    }

    Failover failover(Offer... some) {
        List<Offer> fixed = List.of(some);
        return new Failover(FILE, budget, file -> fixed, () -> {}, Patiences.none(), this::now);
    }

    Failover late(Failover.Late late) {
        return new Failover(FILE, budget, file -> List.copyOf(offers), late, Patiences.none(), this::now);
    }

    static Offer through(String route, Offer offer) {
        var direct = offer.source();
        return new Offer(
                new dev.modelfetch.internal.choice.Source(
                        direct.backend(),
                        direct.profile(),
                        direct.names(),
                        direct.data(),
                        direct.small(),
                        FakeSource.lineBy(route),
                        null,
                        direct.permits(),
                        direct.threads(),
                        direct.history()),
                offer.manifest(),
                FILE);
    }

    static Offer offer(FakeSource source) {
        return new Offer(source.source(), source.manifest(FILE), FILE);
    }
}

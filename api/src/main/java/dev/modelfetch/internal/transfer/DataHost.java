package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A host that sends bytes, or the address of them, as one job knows it: what a connection to it brings, and whether it is
 * out. Where it is out nobody asks it until a pause has run; then one connection tries, and with its first byte all is
 * forgotten. However many connections fail together, it is one failure.
 *
 * <p>Guarded by {@link ConnectionBudget}.
 */
final class DataHost {

    private final String name;
    private final RandomGenerator random;
    private final Flow flow = new Flow();
    private long heardNanos;
    private volatile boolean heard;

    private int failures;
    private @Nullable Fault why;
    private boolean out;
    private boolean trying;
    private long outSinceNanos;
    private long dueNanos;
    private boolean cameBack;
    private long backNanos;
    /** Whether it has asked itself to be left alone. */
    private boolean asked;
    /** Who led us to it when it failed. */
    private String blamed = "";

    private @Nullable Fault suspicion;
    private long suspectedNanos;

    DataHost(String name, RandomGenerator random) {
        this.name = name;
        this.random = random;
    }

    /** With its port, unless that is the usual one. */
    String name() {
        return name;
    }

    Flow flow() {
        return flow;
    }

    // --- asked

    /** Whether it may be asked now: because nothing speaks against it, or to find out whether it is back. */
    boolean mayBeAsked(long now) {
        return out ? !trying && now - dueNanos >= 0 : suspicion == null;
    }

    boolean isOut() {
        return out;
    }

    /** For how long it has been out; zero if it is not. */
    Duration outFor(long now) {
        return out ? Duration.ofNanos(now - outSinceNanos) : Duration.ZERO;
    }

    /** When it is to be asked again. */
    long dueNanos() {
        return dueNanos;
    }

    int failures() {
        return failures;
    }

    @Nullable
    Fault why() {
        return why;
    }

    /** Nothing is known of it yet, and nobody is finding out. */
    boolean isUnknown() {
        return flow.perConnection() == 0 && flow.active() == 0;
    }

    void enter(long now) {
        if (flow.active() == 0) {
            heardNanos = now;
        }
        flow.enter(now);
    }

    void leave(long now) {
        flow.leave(now);
    }

    /**
     * Somebody begins to find out whether it is back.
     *
     * @return whether that is in question
     */
    boolean beginTrial() {
        trying = out;
        return out;
    }

    /** That one has left; if it has not found out, another may. */
    void endTrial() {
        trying = false;
    }

    // --- heard

    /**
     * It has shown that it lives.
     *
     * @return whether it was out
     */
    boolean heard(long now) {
        boolean back = out;
        if (back) {
            cameBack = true;
            backNanos = now;
        }
        heard = true;
        heardNanos = now;
        failures = 0;
        out = false;
        trying = false;
        asked = false;
        return back;
    }

    boolean hasBeenHeard() {
        return heard;
    }

    /** How long none of its open connections has brought anything; zero if it has none. */
    Duration silentFor(long now) {
        return flow.active() == 0 ? Duration.ZERO : Duration.ofNanos(now - heardNanos);
    }

    /** What was waited for until now does not count. */
    void forgiveSilence(long now) {
        heardNanos = now;
    }

    /**
     * Another connection than the one that failed brings something: so it was that connection alone.
     *
     * @return what went wrong there; null if nobody is under suspicion, or this was sent before
     */
    @Nullable
    Fault absolve(long now) {
        Fault isolated = suspicion;
        if (isolated == null || now - suspectedNanos < Limits.UNDER_WAY.toNanos()) {
            return null;
        }
        suspicion = null;
        return isolated;
    }

    // --- failed

    /** Whether a connection opened then broke by the failure that is known already. */
    boolean knowsFailureOf(long enteredNanos) {
        return out || (cameBack && backNanos - enteredNanos > 0);
    }

    /** Whose connection it was that failed last. */
    String blamed() {
        return blamed;
    }

    void blamed(String source) {
        blamed = source;
    }

    /** One of several connections has failed: nobody begins another until it is known what of. */
    void suspect(Fault fault, long now) {
        if (!out && suspicion == null) {
            suspicion = fault;
            suspectedNanos = now;
        }
    }

    /** Whether a suspicion has not been refuted in time. */
    boolean isSuspicionProved(long now) {
        return suspicion != null && (flow.active() == 0 || now - suspectedNanos >= Limits.SUSPICION.toNanos());
    }

    @Nullable
    Fault suspicion() {
        return suspicion;
    }

    /**
     * It is out, once more if a trial has failed.
     *
     * @param alone whether nobody else delivers meanwhile: then it is tried more often
     */
    void rest(Fault fault, boolean alone, long now) {
        failures++;
        why = fault;
        suspicion = null;
        trying = false;
        if (!out) {
            outSinceNanos = now;
        }
        out = true;
        Duration pause = pause(fault, alone);
        // A host that asks for a time means it; what else goes wrong meanwhile does not shorten it.
        long due = now + pause.toNanos();
        dueNanos = asked && dueNanos - due > 0 ? dueNanos : due;
        asked |= fault.asked().isPresent();
    }

    private Duration pause(Fault fault, boolean alone) {
        Duration usual = Backoff.rest(failures, random);
        if (fault.asked().isPresent()) {
            Duration wanted = fault.asked().get();
            return wanted.compareTo(usual) > 0 ? wanted : usual;
        }
        if (alone) {
            return usual;
        }
        Duration first = fault.kind() == Fault.Kind.CRAWL ? Limits.CRAWL_REST : usual;
        Duration grown = first.multipliedBy(fault.kind() == Fault.Kind.CRAWL ? failures : Math.max(1, failures / 4));
        return grown.compareTo(Limits.LONGEST_ABSENCE) > 0 ? Limits.LONGEST_ABSENCE : grown;
    }

    /** Nobody else delivers any more: what it was left alone for beyond the usual is over. */
    void hurry(long now) {
        if (out && !asked) {
            long soon = now + Backoff.rest(failures, random).toNanos();
            dueNanos = dueNanos - soon > 0 ? soon : dueNanos;
        }
    }

    /** Nobody has needed it since it failed, unless it has asked to be left alone until then. */
    void forgetTrouble(long now) {
        if (flow.active() == 0 && !(asked && dueNanos - now > 0)) {
            failures = 0;
            out = false;
            trying = false;
            asked = false;
            suspicion = null;
        }
    }

    /** It gets its chance at once. */
    void pardon(long now) {
        if (out && !asked) {
            dueNanos = now;
        }
    }
}

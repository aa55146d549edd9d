package dev.modelfetch.internal.memory;

import dev.modelfetch.Repo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is remembered of one address by one route. Thread-safe. */
public final class History {

    /** Of a source that nobody keeps anything of. */
    public static final History NONE = new History(SourceMemory.NONE, "", "");

    /** Why an address is not asked while others may do. */
    public enum Avoided {
        /** It could not be reached. */
        DOWN,
        /** It wants to be left alone. */
        LIMITED,
        /** It leads to another hub, which is asked itself. */
        ALIAS
    }

    private final SourceMemory memory;
    private final String endpoint;
    private final String place;

    History(SourceMemory memory, String endpoint, String route) {
        this.memory = memory;
        this.endpoint = endpoint;
        this.place = endpoint + " " + route;
    }

    /** How long its last answer took, in milliseconds, if that was lately. */
    public OptionalLong freshMillis() {
        return memory.standing(place)
                .filter(standing -> standing.said() == Standing.Said.ANSWERED && standing.holds(memory.now()))
                .map(standing -> OptionalLong.of(standing.millis()))
                .orElse(OptionalLong.empty());
    }

    /** Set while there is a reason not to ask it. */
    public Optional<Avoided> avoided() {
        return memory.standing(place)
                .filter(standing -> standing.holds(memory.now()))
                .flatMap(standing -> switch (standing.said()) {
                    case DOWN -> Optional.of(Avoided.DOWN);
                    case LIMITED -> Optional.of(Avoided.LIMITED);
                    case ALIAS -> Optional.of(Avoided.ALIAS);
                    case ANSWERED, NOTHING -> Optional.empty();
                });
    }

    /** How long ago it was asked. */
    public Duration age() {
        Instant now = memory.now();
        return memory.standing(place)
                .map(standing -> Duration.between(standing.at(), now))
                .orElse(Duration.ZERO);
    }

    /** Bytes per second it has brought lately; 0 if nothing is known. */
    public double rate() {
        Instant now = memory.now();
        return memory.standing(place)
                .map(standing -> isAway(standing.sender(), now) ? Limits.FLOOR : standing.rateNow(now))
                .orElse(0.0);
    }

    private boolean isAway(@Nullable String sender, Instant now) {
        return sender != null
                && memory.standing(sender)
                        .filter(host -> host.said() == Standing.Said.DOWN && host.holds(now))
                        .isPresent();
    }

    /**
     * It was asked, and this is what came of it.
     *
     * @param millis to the answer
     */
    public void answered(Verdict verdict, long millis) {
        Instant now = memory.now();
        switch (verdict.kind()) {
            case USABLE -> memory.change(place, standing -> standing.answered(millis, now));
            case NOT_HERE, NEEDS_AUTH -> {
                if (verdict.answered()) {
                    memory.change(place, standing -> standing.answered(millis, now));
                }
            }
            case DOWN, BLOCKED -> memory.change(place, standing -> standing.down(now));
            case LIMITED -> {
                Duration pause = ((Verdict.Limited) verdict).pause();
                memory.change(place, standing -> standing.limited(pause, now));
            }
            case ALIAS -> memory.change(place, standing -> standing.alias(now));
            case BROKEN, NOT_ASKED -> {
                // Says nothing of the address.
            }
        }
    }

    /** Whether that repository was shown here to somebody without a token, by whichever route. */
    public boolean wasSeenOpenly(Repo repo) {
        return memory.isOpen(endpoint, repo);
    }

    /** Whoever asked for that repository without a token has seen it. */
    public void seenOpenly(Repo repo) {
        memory.open(endpoint, repo);
    }

    /**
     * So much came of it, as far as it was let.
     *
     * @param host that sent it
     * @param route that leads there
     */
    public void brought(double bytesPerSecond, String host, String route) {
        Instant now = memory.now();
        String sender = host + " " + route;
        memory.change(sender, standing -> standing.brought(bytesPerSecond, null, now));
        memory.change(place, standing -> standing.brought(bytesPerSecond, sender, now));
    }

    /** The host to which it leads for large files has failed to the end. */
    public void failed(String host, String route) {
        Instant now = memory.now();
        String sender = host + " " + route;
        memory.change(sender, standing -> standing.down(now));
        memory.change(place, standing -> standing.sentBy(sender));
    }
}

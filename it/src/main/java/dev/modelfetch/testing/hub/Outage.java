package dev.modelfetch.testing.hub;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way in which a whole server is away for a while, as a value: what becomes of its door, of the connections that are
 * open and of what is asked. Begins with {@link LoopbackServer#away} and ends with {@link LoopbackServer#back}, where a
 * {@link Fault} changes single answers. Links that have run out are {@link DataHost#expireLinks}.
 */
public final class Outage {

    /** The server is there. */
    static final Outage NONE = new Outage("none", true, null, null, false);

    private final String name;
    private final boolean listens;
    private final Cut.@Nullable How connections;
    private final @Nullable Reply answer;
    private final boolean cutsAnswers;

    private Outage(
            String name, boolean listens, Cut.@Nullable How connections, @Nullable Reply answer, boolean cutsAnswers) {
        this.name = name;
        this.listens = listens;
        this.connections = connections;
        this.answer = answer;
        this.cutsAnswers = cutsAnswers;
    }

    /** One of each kind, the shortest pause asked for. */
    public static Stream<Outage> ofEveryKind() {
        return Stream.of(refused(), reset(), hungUp(), silent(), unavailable(), limited(1));
    }

    /** Nobody listens, and whoever was connected is reset. */
    public static Outage refused() {
        return new Outage("refused", false, Cut.How.RESET, null, true);
    }

    /** Every connection is reset: those that are open, and each new one at once. */
    public static Outage reset() {
        return new Outage("reset", true, Cut.How.RESET, null, true);
    }

    /** Every connection is closed in good order, new ones before a word was said, as in a TLS handshake that is cut. */
    public static Outage hungUp() {
        return new Outage("hung up", true, Cut.How.CLOSE, null, true);
    }

    /** Takes connections and requests and says nothing, in mid-answer too; afterwards goes on where it was. */
    public static Outage silent() {
        return new Outage("silent", true, Cut.How.SILENCE, null, false);
    }

    /** 503 for whatever is asked; answers under way are cut. */
    public static Outage unavailable() {
        return new Outage("unavailable", true, null, Reply.text(503, "away"), true);
    }

    /** 429 with {@code Retry-After} for whatever is asked; answers under way go on. */
    public static Outage limited(int seconds) {
        Reply reply = Reply.text(429, "slow down").with("Retry-After", Integer.toString(seconds));
        return new Outage("limited, free in " + seconds + " s", true, null, reply, false);
    }

    boolean listens() {
        return listens;
    }

    /** How every connection ends; empty if they stay, mute or not. */
    Optional<Cut.How> end() {
        return isSilent() ? Optional.empty() : Optional.ofNullable(connections);
    }

    boolean isSilent() {
        return connections == Cut.How.SILENCE;
    }

    /** What is said to everything; empty for what would be said anyway. */
    Optional<Reply> answer() {
        return Optional.ofNullable(answer);
    }

    /** Whether answers that began before it do not end. */
    boolean cutsAnswers() {
        return cutsAnswers;
    }

    @Override
    public String toString() {
        return name;
    }
}

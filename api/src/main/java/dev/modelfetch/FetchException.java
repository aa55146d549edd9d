package dev.modelfetch;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a job did not end well: what happened and where ({@link #getMessage()}), and what to do ({@link #hint()}). Never
 * carries a token or a signed query string. Earlier failures that were survived on the way are suppressed exceptions.
 */
public abstract sealed class FetchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One for each subclass, with its exit code; the name is its word in JSON. */
    private enum Kind {
        UNEXPECTED(1),
        USAGE(2),
        NOT_FOUND(3),
        ACCESS_DENIED(4),
        UNREACHABLE(5),
        CORRUPT(6),
        STORAGE(7),
        NOT_STORED(8),
        TIMED_OUT(5),
        INTERRUPTED(130);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    private final Kind kind;
    private final String hint;

    // Null after deserialization: values are not sent over wires, the text is.
    private final transient @Nullable Message message;
    private final transient @Nullable List<Hint> hints;
    private transient @Nullable List<Probe> probes;
    private transient @Nullable Origin origin;

    private FetchException(Kind kind, Message message, List<Hint> hints, @Nullable Throwable cause) {
        super(message.text(), cause);
        this.kind = kind;
        this.message = message;
        this.hint =
                hints.stream().map(Hint::text).filter(text -> !text.isEmpty()).collect(Collectors.joining(" "));
        this.hints = List.copyOf(hints);
    }

    /**
     * The one that helps most when no source is usable: permission, then absence where nobody who answered says
     * otherwise, then the network.
     *
     * @param what the repository or file, in words that can begin a sentence
     * @param probes what every source asked has said
     */
    public static FetchException ofNoSource(String what, List<Probe> probes) {
        return ofNoSource(new Phrase.Text(what), probes);
    }

    /** As {@link #ofNoSource(String, List)}, for what is called otherwise in other languages. */
    public static FetchException ofNoSource(Phrase what, List<Probe> probes) {
        return NoSource.explain(what, probes);
    }

    /** The parts of {@link #getMessage()}, for a program with words of its own. */
    public Message message() {
        return message == null ? Message.plain(String.valueOf(getMessage())) : message;
    }

    /** What the person can do next; one or two sentences that fit any program. */
    public String hint() {
        return hint;
    }

    /** The same in parts, for a program with words of its own. */
    public List<Hint> hints() {
        return hints == null ? List.of(Hint.plain(hint)) : hints;
    }

    /** What every source asked so far had said; empty when the failure came before. */
    public List<Probe> probes() {
        return probes == null ? List.of() : probes;
    }

    /** Where it comes from, if it comes from one place. */
    public Optional<Origin> origin() {
        return Optional.ofNullable(origin);
    }

    /** Attaches where it comes from; called once by the engine before the exception leaves it. */
    public FetchException withOrigin(@Nullable Origin from) {
        this.origin = from;
        return this;
    }

    /** Attaches what the sources said; called once by the engine before the exception leaves it. */
    public FetchException withProbes(List<Probe> said) {
        this.probes = List.copyOf(said);
        return this;
    }

    /** Exit code of the command line for this kind of failure. */
    public int code() {
        return kind.code;
    }

    /** The word for this kind in JSON, for example {@code unreachable}. */
    public String kind() {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the same job may succeed later without anybody changing anything. */
    public boolean retryable() {
        // Where every source has said why, and nothing of it passes, the same would come of it.
        boolean lasts = kind == Kind.UNREACHABLE
                && !probes().isEmpty()
                && probes().stream().noneMatch(probe -> probe.verdict().retryable());
        return !lasts && (kind == Kind.UNREACHABLE || kind == Kind.TIMED_OUT || kind == Kind.INTERRUPTED);
    }

    /** The request itself makes no sense. */
    public static final class Usage extends FetchException {
        private static final long serialVersionUID = 1L;

        public Usage(String message, String hint) {
            this(message, Hint.plain(hint));
        }

        public Usage(String message, Hint... hints) {
            this(Message.plain(message), hints);
        }

        public Usage(Message message, Hint... hints) {
            super(Kind.USAGE, message, List.of(hints), null);
        }

        public Usage(String message, String hint, Throwable cause) {
            this(message, Hint.plain(hint), cause);
        }

        public Usage(String message, Hint hint, Throwable cause) {
            this(Message.plain(message), hint, cause);
        }

        public Usage(Message message, Hint hint, Throwable cause) {
            super(Kind.USAGE, message, List.of(hint), cause);
        }
    }

    /** Repository, revision or file does not exist at any source that was allowed and answered. */
    public static final class NotFound extends FetchException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message, String hint) {
            this(message, Hint.plain(hint));
        }

        public NotFound(String message, Hint... hints) {
            this(Message.plain(message), hints);
        }

        public NotFound(Message message, Hint... hints) {
            super(Kind.NOT_FOUND, message, List.of(hints), null);
        }
    }

    /** Gated, private, or a token that was refused. */
    public static final class AccessDenied extends FetchException {
        private static final long serialVersionUID = 1L;

        public AccessDenied(String message, String hint) {
            this(message, Hint.plain(hint));
        }

        public AccessDenied(String message, Hint... hints) {
            this(Message.plain(message), hints);
        }

        public AccessDenied(Message message, Hint... hints) {
            super(Kind.ACCESS_DENIED, message, List.of(hints), null);
        }
    }

    /** No allowed source could be reached, or none could deliver. */
    public static final class Unreachable extends FetchException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message, String hint) {
            this(message, Hint.plain(hint));
        }

        public Unreachable(String message, Hint... hints) {
            this(Message.plain(message), hints);
        }

        public Unreachable(Message message, Hint... hints) {
            super(Kind.UNREACHABLE, message, List.of(hints), null);
        }
    }

    /** The bytes did not match their digest, from any source. Nothing was published. */
    public static final class Corrupt extends FetchException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message, String hint) {
            this(message, Hint.plain(hint));
        }

        public Corrupt(String message, Hint... hints) {
            this(Message.plain(message), hints);
        }

        public Corrupt(Message message, Hint... hints) {
            super(Kind.CORRUPT, message, List.of(hints), null);
        }
    }

    /** Local storage: no space, no permission, unsafe path. */
    public static final class Storage extends FetchException {
        private static final long serialVersionUID = 1L;

        public Storage(String message, String hint) {
            this(message, Hint.plain(hint));
        }

        public Storage(String message, Hint... hints) {
            this(Message.plain(message), hints);
        }

        public Storage(Message message, Hint... hints) {
            super(Kind.STORAGE, message, List.of(hints), null);
        }

        public Storage(String message, String hint, Throwable cause) {
            this(message, Hint.plain(hint), cause);
        }

        public Storage(String message, Hint hint, Throwable cause) {
            this(Message.plain(message), hint, cause);
        }

        public Storage(Message message, Hint hint, Throwable cause) {
            super(Kind.STORAGE, message, List.of(hint), cause);
        }
    }

    /** Offline or locked, and what is stored or pinned does not satisfy the request. */
    public static final class NotStored extends FetchException {
        private static final long serialVersionUID = 1L;

        public NotStored(String message, String hint) {
            this(message, Hint.plain(hint));
        }

        public NotStored(String message, Hint... hints) {
            this(Message.plain(message), hints);
        }

        public NotStored(Message message, Hint... hints) {
            super(Kind.NOT_STORED, message, List.of(hints), null);
        }
    }

    /** The time that {@link FetchRequest#timeout()} allows was over; what was fetched so far is kept. */
    public static final class TimedOut extends FetchException {
        private static final long serialVersionUID = 1L;

        public TimedOut(String message, String hint) {
            this(message, Hint.plain(hint));
        }

        public TimedOut(String message, Hint... hints) {
            this(Message.plain(message), hints);
        }

        public TimedOut(Message message, Hint... hints) {
            super(Kind.TIMED_OUT, message, List.of(hints), null);
        }
    }

    /** The caller cancelled; what was fetched so far is kept for the next run. */
    public static final class Cancelled extends FetchException {
        private static final long serialVersionUID = 1L;

        public Cancelled() {
            super(
                    Kind.INTERRUPTED,
                    Message.plain("Interrupted."),
                    List.of(Hint.of("go-on", "What was fetched so far is kept, and the next job goes on from there.")),
                    null);
        }
    }

    /** A fault of this program or of a source from elsewhere; the cause says where. Nothing half-finished was published. */
    public static final class Internal extends FetchException {
        private static final long serialVersionUID = 1L;

        public Internal(Throwable cause) {
            super(
                    Kind.UNEXPECTED,
                    Message.plain(
                            cause.getMessage() == null
                                    ? cause.getClass().getSimpleName()
                                    : cause.getClass().getSimpleName() + ": " + cause.getMessage()),
                    List.of(Hint.of(
                            "bug",
                            "This is a bug: please report it with its cause. Nothing half-finished was published.")),
                    cause);
        }
    }
}

package dev.modelfetch;

import java.util.List;
import java.util.Locale;
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
    private transient List<Probe> probes = List.of();

    private FetchException(Kind kind, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    /**
     * The one that helps most when no source is usable: permission, then absence where nobody who answered says
     * otherwise, then the network.
     *
     * @param what the repository or file, in words that can begin a sentence
     * @param probes what every source asked has said
     */
    public static FetchException ofNoSource(String what, List<Probe> probes) {
        return NoSource.explain(what, probes);
    }

    /** What the person can do next; one or two sentences. */
    public String hint() {
        return hint;
    }

    /** What every source asked so far had said; empty when the failure came before. */
    public List<Probe> probes() {
        return probes;
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
        return kind == Kind.UNREACHABLE || kind == Kind.TIMED_OUT || kind == Kind.INTERRUPTED;
    }

    /** The request itself makes no sense. */
    public static final class Usage extends FetchException {
        private static final long serialVersionUID = 1L;

        public Usage(String message, String hint) {
            super(Kind.USAGE, message, hint, null);
        }

        public Usage(String message, String hint, Throwable cause) {
            super(Kind.USAGE, message, hint, cause);
        }
    }

    /** Repository, revision or file does not exist at any source that was allowed and answered. */
    public static final class NotFound extends FetchException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message, String hint) {
            super(Kind.NOT_FOUND, message, hint, null);
        }
    }

    /** Gated, private, or a token that was refused. */
    public static final class AccessDenied extends FetchException {
        private static final long serialVersionUID = 1L;

        public AccessDenied(String message, String hint) {
            super(Kind.ACCESS_DENIED, message, hint, null);
        }
    }

    /** No allowed source could be reached, or none could deliver. */
    public static final class Unreachable extends FetchException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message, String hint) {
            super(Kind.UNREACHABLE, message, hint, null);
        }
    }

    /** The bytes did not match their digest, from any source. Nothing was published. */
    public static final class Corrupt extends FetchException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message, String hint) {
            super(Kind.CORRUPT, message, hint, null);
        }
    }

    /** Local storage: no space, no permission, unsafe path. */
    public static final class Storage extends FetchException {
        private static final long serialVersionUID = 1L;

        public Storage(String message, String hint) {
            super(Kind.STORAGE, message, hint, null);
        }

        public Storage(String message, String hint, Throwable cause) {
            super(Kind.STORAGE, message, hint, cause);
        }
    }

    /** Offline or locked, and what is stored or pinned does not satisfy the request. */
    public static final class NotStored extends FetchException {
        private static final long serialVersionUID = 1L;

        public NotStored(String message, String hint) {
            super(Kind.NOT_STORED, message, hint, null);
        }
    }

    /** The time that {@link FetchRequest#timeout()} allows was over; what was fetched so far is kept. */
    public static final class TimedOut extends FetchException {
        private static final long serialVersionUID = 1L;

        public TimedOut(String message, String hint) {
            super(Kind.TIMED_OUT, message, hint, null);
        }
    }

    /** The caller cancelled; what was fetched so far is kept for the next run. */
    public static final class Cancelled extends FetchException {
        private static final long serialVersionUID = 1L;

        public Cancelled() {
            super(
                    Kind.INTERRUPTED,
                    "Interrupted.",
                    "What was fetched so far is kept; run the same command to go on.",
                    null);
        }
    }

    /** A fault of this program or of a source from elsewhere; the cause says where. Nothing half-finished was published. */
    public static final class Internal extends FetchException {
        private static final long serialVersionUID = 1L;

        public Internal(Throwable cause) {
            super(
                    Kind.UNEXPECTED,
                    cause.getMessage() == null
                            ? cause.getClass().getSimpleName()
                            : cause.getClass().getSimpleName() + ": " + cause.getMessage(),
                    "This is a bug. Run the command again with -v and report what it prints; nothing half-finished was published.",
                    cause);
        }
    }
}

package dev.modelfetch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a job did not end well: what happened and where ({@link #getMessage()}), and what to do ({@link #hint()}). Never
 * carries a token or a signed query string. Earlier failures that were survived on the way are suppressed exceptions.
 */
public abstract sealed class FetchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String hint;
    private transient List<Probe> probes = List.of();

    private FetchException(String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.hint = hint;
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
    public abstract int code();

    /** The word for this kind in JSON, for example {@code unreachable}. */
    public abstract String kind();

    /** Whether the same job may succeed later without anybody changing anything. */
    public boolean retryable() {
        return false;
    }

    /** The request itself makes no sense. */
    public static final class Usage extends FetchException {
        private static final long serialVersionUID = 1L;

        public Usage(String message, String hint) {
            super(message, hint, null);
        }

        public Usage(String message, String hint, Throwable cause) {
            super(message, hint, cause);
        }

        @Override
        public int code() {
            return 2;
        }

        @Override
        public String kind() {
            return "usage";
        }
    }

    /** Repository, revision or file does not exist at any source that was allowed and answered. */
    public static final class NotFound extends FetchException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message, String hint) {
            super(message, hint, null);
        }

        @Override
        public int code() {
            return 3;
        }

        @Override
        public String kind() {
            return "not-found";
        }
    }

    /** Gated, private, or a token that was refused. */
    public static final class AccessDenied extends FetchException {
        private static final long serialVersionUID = 1L;

        public AccessDenied(String message, String hint) {
            super(message, hint, null);
        }

        @Override
        public int code() {
            return 4;
        }

        @Override
        public String kind() {
            return "access-denied";
        }
    }

    /** No allowed source could be reached, or none could deliver. */
    public static final class Unreachable extends FetchException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message, String hint) {
            super(message, hint, null);
        }

        @Override
        public int code() {
            return 5;
        }

        @Override
        public String kind() {
            return "unreachable";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The bytes did not match their digest, from any source. Nothing was published. */
    public static final class Corrupt extends FetchException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message, String hint) {
            super(message, hint, null);
        }

        @Override
        public int code() {
            return 6;
        }

        @Override
        public String kind() {
            return "corrupt";
        }
    }

    /** Local storage: no space, no permission, unsafe path. */
    public static final class Storage extends FetchException {
        private static final long serialVersionUID = 1L;

        public Storage(String message, String hint) {
            super(message, hint, null);
        }

        public Storage(String message, String hint, Throwable cause) {
            super(message, hint, cause);
        }

        @Override
        public int code() {
            return 7;
        }

        @Override
        public String kind() {
            return "storage";
        }
    }

    /** Offline or locked, and what is stored or pinned does not satisfy the request. */
    public static final class NotStored extends FetchException {
        private static final long serialVersionUID = 1L;

        public NotStored(String message, String hint) {
            super(message, hint, null);
        }

        @Override
        public int code() {
            return 8;
        }

        @Override
        public String kind() {
            return "not-stored";
        }
    }

    /** The caller cancelled; what was fetched so far is kept for the next run. */
    public static final class Cancelled extends FetchException {
        private static final long serialVersionUID = 1L;

        public Cancelled() {
            super("Interrupted.", "What was fetched so far is kept; run the same command to go on.", null);
        }

        @Override
        public int code() {
            return 130;
        }

        @Override
        public String kind() {
            return "interrupted";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** A fault of this program or of a source from elsewhere; the cause says where. Nothing half-finished was published. */
    public static final class Internal extends FetchException {
        private static final long serialVersionUID = 1L;

        public Internal(Throwable cause) {
            super(
                    cause.getMessage() == null
                            ? cause.getClass().getSimpleName()
                            : cause.getClass().getSimpleName() + ": " + cause.getMessage(),
                    "This is a bug. Run the command again with -v and report what it prints; nothing half-finished was published.",
                    cause);
        }

        @Override
        public int code() {
            return 1;
        }

        @Override
        public String kind() {
            return "unexpected";
        }
    }
}

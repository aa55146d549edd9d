package dev.modelfetch;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** What one source said about one repository. {@link #kind()} allows an exhaustive switch. */
public sealed interface Verdict {

    /** One constant per member of the family. */
    enum Kind {
        USABLE,
        ALIAS,
        NOT_HERE,
        NEEDS_AUTH,
        BLOCKED,
        LIMITED,
        DOWN,
        BROKEN,
        NOT_ASKED;

        /** The word used in JSON and on screen, for example {@code not-here}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What is missing. */
    enum What {
        REPOSITORY,
        REVISION,
        FILE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Kind kind();

    /** One clause for people, without a final stop, free of secrets. */
    String detail();

    /** Whether the hub itself has said so, as opposed to silence, another host, or what its source knows without asking. */
    default boolean answered() {
        return true;
    }

    /** Whether asking the same source again soon may end differently. */
    default boolean retryable() {
        return kind() == Kind.LIMITED || kind() == Kind.DOWN;
    }

    /**
     * It has the repository at this commit.
     *
     * @param commit empty when no repository was asked for, only whether the hub answers
     */
    record Usable(String commit) implements Verdict {
        public Usable {
            Objects.requireNonNull(commit, "commit");
        }

        @Override
        public Kind kind() {
            return Kind.USABLE;
        }

        @Override
        public String detail() {
            return commit.isEmpty() ? "the hub answers" : "commit " + commit;
        }
    }

    /** A mirror that sends this network to another origin, which is neither an error nor an answer. */
    record Alias(String origin) implements Verdict {
        public Alias {
            Objects.requireNonNull(origin, "origin");
        }

        @Override
        public boolean answered() {
            return false;
        }

        @Override
        public Kind kind() {
            return Kind.ALIAS;
        }

        @Override
        public String detail() {
            return "redirects this network to " + origin;
        }
    }

    /**
     * The source has no such repository, revision or file, or hides it from this caller.
     *
     * @param answered false for what no hub was asked, because nothing of the kind can be there
     */
    record NotHere(What what, String detail, boolean answered) implements Verdict {
        public NotHere {
            Objects.requireNonNull(what, "what");
            Objects.requireNonNull(detail, "detail");
        }

        /** Of the kind that a hub has answered. */
        public NotHere(What what, String detail) {
            this(what, detail, true);
        }

        @Override
        public Kind kind() {
            return Kind.NOT_HERE;
        }
    }

    /** What a caller who is refused lacks. */
    enum Missing {
        /** None was shown. */
        TOKEN,
        /** The one that was shown is not accepted. */
        VALID_TOKEN,
        /** The account has no access, or not yet. */
        PERMISSION
    }

    /** Gated, private, or a bad token. */
    record NeedsAuth(String detail, Missing missing) implements Verdict {
        public NeedsAuth {
            Objects.requireNonNull(detail, "detail");
            Objects.requireNonNull(missing, "missing");
        }

        /** Of the kind that only access to the repository would mend. */
        public NeedsAuth(String detail) {
            this(detail, Missing.PERMISSION);
        }

        @Override
        public Kind kind() {
            return Kind.NEEDS_AUTH;
        }
    }

    /** The answer is not the hub's: a web page, unreadable JSON, a filter. */
    record Blocked(String detail) implements Verdict {
        public Blocked {
            Objects.requireNonNull(detail, "detail");
        }

        @Override
        public Kind kind() {
            return Kind.BLOCKED;
        }
    }

    /**
     * Too many requests; try again after the given wait.
     *
     * @param pause between nothing and a day; what lies outside is taken for the nearer of the two
     */
    record Limited(Duration pause, String detail) implements Verdict {
        private static final Duration LONGEST = Duration.ofDays(1);

        public Limited {
            Objects.requireNonNull(detail, "detail");
            pause = pause.isNegative() ? Duration.ZERO : pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        }

        @Override
        public Kind kind() {
            return Kind.LIMITED;
        }
    }

    /**
     * Network failure or server trouble.
     *
     * @param answered whether an HTTP answer came at all (a 5xx), as opposed to silence
     * @param passing whether it may be over soon; a certificate that is not trusted will not be trusted in a minute
     */
    record Down(String detail, boolean answered, boolean passing) implements Verdict {
        public Down {
            Objects.requireNonNull(detail, "detail");
        }

        /** Of the kind that passes, as most do. */
        public Down(String detail, boolean answered) {
            this(detail, answered, true);
        }

        @Override
        public boolean retryable() {
            return passing;
        }

        @Override
        public Kind kind() {
            return Kind.DOWN;
        }
    }

    /**
     * The code of the source is at fault, and nobody at the other end: it failed, returned nothing, or contradicted
     * itself. Asking again changes nothing; its author mends it.
     */
    record Broken(String detail) implements Verdict {
        public Broken {
            Objects.requireNonNull(detail, "detail");
        }

        @Override
        public boolean answered() {
            return false;
        }

        @Override
        public Kind kind() {
            return Kind.BROKEN;
        }
    }

    /** It was not asked, and why. */
    record NotAsked(String detail) implements Verdict {
        public NotAsked {
            Objects.requireNonNull(detail, "detail");
        }

        @Override
        public boolean answered() {
            return false;
        }

        @Override
        public Kind kind() {
            return Kind.NOT_ASKED;
        }
    }
}

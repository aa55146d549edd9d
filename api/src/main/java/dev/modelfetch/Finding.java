package dev.modelfetch;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that {@link Modelfetch#examine} has looked at. Free of tokens, passwords and signed links; values may be
 * paths, and those may name the person. Immutable.
 *
 * @param source whose it is; empty for what concerns all of them
 * @param check what was looked at
 * @param state how it is
 * @param code stable, for example {@code name-poisoned}; a program may say it in its own words
 * @param text the same in English, one clause without a final stop
 * @param values what a program needs to say it itself, in the order in which the text has them
 * @param hints what to do; empty where nothing is to be done
 */
public record Finding(
        Optional<String> source,
        Check check,
        State state,
        String code,
        String text,
        List<String> values,
        List<Hint> hints) {

    public Finding {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(text, "text");
        values = List.copyOf(values);
        hints = List.copyOf(hints);
    }

    /** How something is. */
    public enum State {
        /** As it should be. */
        OK,
        /** Worth knowing, and in nobody's way. */
        NOTE,
        /** In the way. */
        PROBLEM,
        /** Nothing is known of it; the text says why. */
        UNKNOWN;

        /** The word used in JSON, for example {@code ok}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What can be looked at. More may be added. */
    public enum Check {
        /** What is set for a source. */
        SETTING,
        /** Directly or by which proxy. */
        ROUTE,
        /** What the name of a host leads to. */
        NAME,
        /** The connection, and whose certificate is shown. */
        TLS,
        /** Whether the hub answers in its own words. */
        API,
        /** Whether the host that sends the bytes does so. */
        DATA,
        /** Whether there is one, and whether the hub takes it. */
        TOKEN,
        /** Ours compared with those of the hubs. */
        CLOCK,
        /** Whether something can be stored. */
        CACHE,
        /** Room on the disk. */
        SPACE,
        /** Symbolic links in the cache. */
        LINKS,
        /** Locks on files in the cache. */
        LOCKS,
        /** This library. */
        PROGRAM,
        /** The one that runs it. */
        JAVA,
        /** The operating system. */
        SYSTEM;

        /** The word used in JSON, for example {@code tls}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package dev.modelfetch;

import java.util.List;

/**
 * What a person can do about a failure, said so that it fits any program; a program that knows its own buttons and options
 * says it in its own words, by the code.
 *
 * @param code stable, for example {@code choose-source}; empty if nothing more can be said than the text
 * @param text one or two English sentences
 * @param values what a program needs to say it itself, for example the repository
 */
public record Hint(String code, String text, List<String> values) {

    public Hint {
        values = List.copyOf(values);
    }

    /** One that a program may say in its own words. */
    public static Hint of(String code, String text, String... values) {
        return new Hint(code, text, List.of(values));
    }

    /** One that is the same everywhere. */
    public static Hint plain(String text) {
        return new Hint("", text, List.of());
    }
}

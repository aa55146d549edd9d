package dev.modelfetch.cli.screen;

/** One line for stderr. */
public record Line(Ink ink, String text) {

    public static Line of(String text) {
        return new Line(Ink.PLAIN, text);
    }

    public static Line good(String text) {
        return new Line(Ink.GOOD, text);
    }

    public static Line note(String text) {
        return new Line(Ink.NOTE, text);
    }

    public static Line bad(String text) {
        return new Line(Ink.BAD, text);
    }
}

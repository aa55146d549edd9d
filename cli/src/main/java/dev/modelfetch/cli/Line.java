package dev.modelfetch.cli;

/** One line for stderr. */
record Line(Ink ink, String text) {

    static Line of(String text) {
        return new Line(Ink.PLAIN, text);
    }

    static Line good(String text) {
        return new Line(Ink.GOOD, text);
    }

    static Line note(String text) {
        return new Line(Ink.NOTE, text);
    }

    static Line bad(String text) {
        return new Line(Ink.BAD, text);
    }
}

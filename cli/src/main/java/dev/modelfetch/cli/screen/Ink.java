package dev.modelfetch.cli.screen;

/** Colour of a line, where the terminal has colours. */
public enum Ink {
    PLAIN(""),
    GOOD("32"),
    NOTE("33"),
    BAD("31");

    private final String code;

    Ink(String code) {
        this.code = code;
    }

    String on(String text) {
        return code.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}

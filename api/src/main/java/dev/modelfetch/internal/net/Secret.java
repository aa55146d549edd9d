package dev.modelfetch.internal.net;

/** A token that cannot be printed. */
public final class Secret {

    private final String value;

    /** @param value without surrounding blanks or line ends */
    public Secret(String value) {
        this.value = value;
    }

    /** The header that shows it. The only way to the value. */
    String bearer() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "Secret[██]";
    }
}

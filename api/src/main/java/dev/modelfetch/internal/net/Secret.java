package dev.modelfetch.internal.net;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.util.Objects;
import java.util.function.Supplier;
import okio.ByteString;

/** A token that cannot be printed. */
public final class Secret {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Supplier<String> value;
    private final String from;

    private Secret(Supplier<String> value, String from) {
        this.value = value;
        this.from = from;
    }

    /** A token that is what it was given as. */
    public Secret(String value) {
        this(() -> value, "the token that was given");
    }

    /**
     * Reads a token as people store it: blanks and line ends around it, and the mark some editors put in front, do not
     * belong to it.
     *
     * @param source whose token it is
     * @throws FetchException.Usage if it cannot be a token
     */
    public static Secret of(String source, Setting setting) {
        String clean = clean(source, setting);
        return new Secret(() -> clean, setting.from());
    }

    /**
     * A token that may change: asked for whenever it is shown.
     *
     * @param source whose token it is
     */
    public static Secret rotating(String source, Supplier<String> token) {
        String from = "the token that the program supplies";
        return new Secret(() -> clean(source, new Setting(Objects.requireNonNullElse(token.get(), ""), from)), from);
    }

    /**
     * The text of a token, for whoever keeps it where it belongs.
     *
     * @param source whose token it is
     * @throws FetchException.Usage if it cannot be a token
     */
    public static String clean(String source, Setting setting) {
        String clean = setting.value()
                .replace(BYTE_ORDER_MARK, "")
                .replaceAll("[\\r\\n]", "")
                .strip();
        if (clean.isEmpty() || !clean.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new FetchException.Usage(
                    Message.of(
                            "odd-token",
                            "The token for {0} ({1}) is empty or has characters no token has.",
                            source,
                            setting.from()),
                    Hint.plain("Copy it again from the hub's settings page."));
        }
        return clean;
    }

    /** Where it was set, for messages about it. */
    public String from() {
        return from;
    }

    /** The header that shows it. The only way to the value itself. */
    String bearer() {
        return "Bearer " + value.get();
    }

    /** A hash of it, by which it is known again. */
    public String fingerprint() {
        return ByteString.encodeUtf8(value.get()).sha256().hex();
    }

    @Override
    public String toString() {
        return "Secret[██]";
    }
}

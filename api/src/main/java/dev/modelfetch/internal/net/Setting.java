package dev.modelfetch.internal.net;

/**
 * What somebody has set, and where, for messages about it. Printed without the value, which may be a secret.
 *
 * @param value as it was written
 * @param from what people know it by: a variable, a key of a file, an option
 */
public record Setting(String value, String from) {
    @Override
    public String toString() {
        return from;
    }
}

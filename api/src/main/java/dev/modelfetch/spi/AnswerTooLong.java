package dev.modelfetch.spi;

import java.io.IOException;

/** Thrown while reading an answer to an API question that goes on beyond the length of any honest one. */
public final class AnswerTooLong extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message one clause for people, which names the host */
    public AnswerTooLong(String message) {
        super(message);
    }
}

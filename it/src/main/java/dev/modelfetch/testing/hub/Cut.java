package dev.modelfetch.testing.hub;

import java.io.IOException;

/** Ends a connection in the middle of things, on purpose. */
final class Cut extends IOException {

    private static final long serialVersionUID = 1L;

    /** How it ends. */
    enum How {
        /** Orderly, as if everything had been said. */
        CLOSE,
        /** With a TCP reset; what the client had not read yet may be lost to it. */
        RESET,
        /** Not at all: the connection stays open and nothing more comes. */
        SILENCE
    }

    private final How how;

    Cut(How how) {
        super("cut on purpose: " + how);
        this.how = how;
    }

    How how() {
        return how;
    }
}

package dev.modelfetch.internal.net;

import java.io.IOException;

/** A hub or data host pointed somewhere a download must not go. */
public final class RefusedRedirect extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedRedirect(String message) {
        super(message);
    }
}

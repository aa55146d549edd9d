package dev.modelfetch.testing.hub;

import java.io.IOException;

/** One hub protocol, seen from the server's side. Called from many threads. */
@FunctionalInterface
interface Face {
    Reply answer(Request request) throws IOException;
}

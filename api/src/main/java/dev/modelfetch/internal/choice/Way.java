package dev.modelfetch.internal.choice;

import dev.modelfetch.spi.ByteStream;
import java.io.Closeable;
import java.io.IOException;
import okhttp3.Request;

/** How bytes of a file are had from its source. */
public sealed interface Way {

    /** They are behind that question, which is ours to ask. */
    record Asked(Request request) implements Way {}

    /** It hands them out itself. */
    record Handed(ByteStream stream) implements Way, Closeable {
        @Override
        public void close() throws IOException {
            stream.bytes().close();
        }
    }
}

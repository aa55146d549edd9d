package dev.modelfetch.internal.store;

import java.io.IOException;
import java.nio.file.Path;

/** How something gets its final name. */
interface Move<T> {
    void to(T what, Path path) throws IOException;
}

package dev.modelfetch.spi;

import java.util.Set;

/**
 * How a source is found: named in {@code META-INF/services/dev.modelfetch.spi.ModelSourceProvider}, bound into a Guice
 * {@code Set<ModelSourceProvider>}, or handed to the builder. Needs a public constructor without arguments for the first.
 *
 * <p>What it says of itself is read once. One that fails at it is left out where it was found, with a warning in the log,
 * and refused where it was handed to the builder; the others are not concerned.
 */
public interface ModelSourceProvider {

    /**
     * What {@code --source} and the settings call it: at most 40 lower case letters, digits and {@code -}, beginning with a
     * letter, and not {@code auto}. Two providers with one id are refused at start.
     */
    String id();

    /** Short forms people may type instead, spelled like an id. None of them may be another source's. */
    default Set<String> names() {
        return Set.of();
    }

    /**
     * Base address when nobody configures another: {@code https://host}, or of any other scheme, such as {@code
     * file:///models} or {@code s3://bucket}. A source whose own is of another scheme is also given an address of the web
     * where that is configured, and a plain path where its own is a {@code file:}.
     */
    String defaultEndpoint();

    /**
     * Makes the source. Must not connect to anything. Called once for the race against others, and once more, with more
     * patient {@linkplain SourceContext#probes() probes}, for jobs that ask nobody else.
     *
     * @param context what it may use; good for the life of the source
     */
    ModelSource create(SourceContext context);
}

package dev.modelfetch.spi;

import java.util.Set;

/**
 * How a source is found: named in {@code META-INF/services/dev.modelfetch.spi.ModelSourceProvider}, bound into a Guice
 * {@code Set<ModelSourceProvider>}, or handed to the builder. Needs a public constructor without arguments for the first.
 */
public interface ModelSourceProvider {

    /** Unique, lower case, fit for {@code --source ID}. Two providers with one id are refused at start. */
    String id();

    /** Short forms people may type instead. */
    default Set<String> names() {
        return Set.of();
    }

    /** Base address when nobody configures another. */
    String defaultEndpoint();

    /**
     * Makes the source. Must not connect to anything.
     *
     * @param context what it may use; good for the life of the source
     */
    ModelSource create(SourceContext context);
}

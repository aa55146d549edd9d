package dev.modelfetch.it.sample;

import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;

/** Offers {@link TreeSource} as {@code tree}. */
public final class TreeProvider implements ModelSourceProvider {

    @Override
    public String id() {
        return "tree";
    }

    @Override
    public String defaultEndpoint() {
        return "http://localhost:8080/";
    }

    @Override
    public ModelSource create(SourceContext context) {
        return new TreeSource(context);
    }
}

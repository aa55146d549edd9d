package dev.modelfetch.it.sample;

import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;

/** Offers {@link DirectorySource} as {@code directory}. */
public final class DirectoryProvider implements ModelSourceProvider {

    @Override
    public String id() {
        return "directory";
    }

    @Override
    public String defaultEndpoint() {
        return "file:///srv/models";
    }

    @Override
    public ModelSource create(SourceContext context) {
        return new DirectorySource(context);
    }
}

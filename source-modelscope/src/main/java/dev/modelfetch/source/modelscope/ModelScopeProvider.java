package dev.modelfetch.source.modelscope;

import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;
import java.util.Set;

/** Offers {@code modelscope}, which people may shorten to {@code ms}. */
public final class ModelScopeProvider implements ModelSourceProvider {

    @Override
    public String id() {
        return "modelscope";
    }

    @Override
    public Set<String> names() {
        return Set.of("ms");
    }

    @Override
    public String defaultEndpoint() {
        return "https://modelscope.cn";
    }

    @Override
    public ModelSource create(SourceContext context) {
        return new ModelScopeSource(context);
    }
}

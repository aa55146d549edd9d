package dev.modelfetch.source.huggingface;

import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;
import java.util.Set;

/** Makes the source {@code huggingface}. */
public final class HuggingFaceProvider implements ModelSourceProvider {

    @Override
    public String id() {
        return "huggingface";
    }

    @Override
    public Set<String> names() {
        return Set.of("hf");
    }

    @Override
    public String defaultEndpoint() {
        return "https://huggingface.co";
    }

    @Override
    public ModelSource create(SourceContext context) {
        return new HuggingFaceSource(context);
    }
}

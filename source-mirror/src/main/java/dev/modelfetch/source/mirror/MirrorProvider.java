package dev.modelfetch.source.mirror;

import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;
import java.util.Set;

/** Makes the source {@code mirror}, at whichever HF-compatible address is set up for it. */
public final class MirrorProvider implements ModelSourceProvider {

    @Override
    public String id() {
        return "mirror";
    }

    @Override
    public Set<String> names() {
        return Set.of("hf-mirror");
    }

    @Override
    public String defaultEndpoint() {
        return "https://hf-mirror.com";
    }

    @Override
    public ModelSource create(SourceContext context) {
        return new MirrorSource(context);
    }
}

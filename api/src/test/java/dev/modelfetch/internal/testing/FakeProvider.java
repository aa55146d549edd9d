package dev.modelfetch.internal.testing;

import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import okhttp3.HttpUrl;

/** Provides one fake source, and keeps what the engine lent it. */
public final class FakeProvider implements ModelSourceProvider {

    private final String id;
    private final Set<String> names;
    private final String endpoint;
    private final Function<HttpUrl, FakeSource> source;
    private final List<SourceContext> contexts = new ArrayList<>();

    public FakeProvider(String id, Set<String> names, String endpoint, Function<HttpUrl, FakeSource> source) {
        this.id = id;
        this.names = Set.copyOf(names);
        this.endpoint = endpoint;
        this.source = source;
    }

    public static FakeProvider huggingface() {
        return new FakeProvider("huggingface", Set.of("hf"), "https://hub.test", FakeSource::huggingface);
    }

    public static FakeProvider mirror() {
        return new FakeProvider("mirror", Set.of("hf-mirror"), "https://mirror.test", FakeSource::mirror);
    }

    public static FakeProvider modelscope() {
        return new FakeProvider("modelscope", Set.of("ms"), "https://scope.test", FakeSource::modelscope);
    }

    /** Always that source, whatever the endpoint. */
    public static FakeProvider of(FakeSource source) {
        return new FakeProvider(source.profile().id(), Set.of(), source.url().toString(), any -> source);
    }

    /** What the engine lent when it made the source. */
    public SourceContext context() {
        return contexts.get(contexts.size() - 1);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public String defaultEndpoint() {
        return endpoint;
    }

    @Override
    public ModelSource create(SourceContext context) {
        contexts.add(context);
        return source.apply(context.url());
    }
}

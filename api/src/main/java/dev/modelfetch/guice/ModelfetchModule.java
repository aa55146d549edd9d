package dev.modelfetch.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.spi.ModelSourceProvider;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Binds {@link Modelfetch} as a singleton. Sources come from {@code ServiceLoader} and from the set {@code
 * Set<ModelSourceProvider>}, to which any module may contribute with {@code @ProvidesIntoSet} or a {@link Multibinder}.
 */
public final class ModelfetchModule extends AbstractModule {

    private final Supplier<Modelfetch.Builder> settings;

    /**
     * @param settings endpoints, tokens, cache; asked for a new builder once for each injector, and sources from the set are
     *     added to that
     */
    public ModelfetchModule(Supplier<Modelfetch.Builder> settings) {
        this.settings = settings;
    }

    @Override
    protected void configure() {
        Multibinder.newSetBinder(binder(), ModelSourceProvider.class);
    }

    @Provides
    @Singleton
    Modelfetch modelfetch(Set<ModelSourceProvider> contributed) {
        Modelfetch.Builder builder = settings.get();
        contributed.forEach(builder::provider);
        return builder.build();
    }
}

package dev.modelfetch.source.modelscope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.net.URI;
import java.time.Duration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ModelScopeProviderTest {

    @Test
    void itIsFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(ModelSourceProvider.class))
                .filteredOn(ModelScopeProvider.class::isInstance)
                .singleElement()
                .satisfies(provider -> {
                    assertThat(provider.id()).isEqualTo("modelscope");
                    assertThat(provider.names()).containsExactly("ms");
                    assertThat(provider.defaultEndpoint()).isEqualTo("https://modelscope.cn");
                });
    }

    @Test
    void theSourceKnowsItselfWithoutAConnection() {
        assertThat(Hub.sourceOf("https://hub.example/ms/").profile())
                .isEqualTo(new SourceProfile(
                        "modelscope",
                        URI.create("https://hub.example/ms/"),
                        "modelscope",
                        Trust.INDEPENDENT,
                        8,
                        Duration.ofSeconds(15)));
    }
}

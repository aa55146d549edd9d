package consumer;

import dev.modelfetch.Destination;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Configured with a directory, a repository, and the endpoint of each source to fetch it from. */
@QuarkusMain
public class Main implements QuarkusApplication {

    @Inject
    Modelfetch modelfetch;

    @ConfigProperty(name = "directory")
    Path directory;

    @ConfigProperty(name = "repository")
    String repository;

    @ConfigProperty(name = "endpoint")
    Map<String, String> endpoints;

    @Override
    public int run(String... args) {
        for (String source : endpoints.keySet()) {
            Snapshot snapshot = modelfetch.fetch(modelfetch
                    .request(repository)
                    .source(SourceChoice.only(source))
                    .destination(new Destination.Directory(directory.resolve(source)))
                    .build());
            System.out.println("stored in " + snapshot.root());
        }
        return 0;
    }

    @ApplicationScoped
    static class Beans {

        @Produces
        @Singleton
        Modelfetch modelfetch(@ConfigProperty(name = "endpoint") Map<String, String> endpoints) {
            Modelfetch.Builder builder = Modelfetch.builder();
            endpoints.forEach(builder::endpoint);
            return builder.build();
        }

        void close(@Disposes Modelfetch modelfetch) {
            modelfetch.close();
        }
    }
}

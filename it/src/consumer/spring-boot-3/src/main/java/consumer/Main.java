package consumer;

import dev.modelfetch.Destination;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Set by its environment: a directory, a repository, and the endpoint of each source to fetch it from. */
@SpringBootApplication
public class Main {

    private static final List<String> SOURCES = List.of("huggingface", "mirror", "modelscope");

    public static void main(String[] args) {
        SpringApplication.run(Main.class, args);
    }

    /** Closed with the context. */
    @Bean
    Modelfetch modelfetch(Environment environment) {
        Modelfetch.Builder builder = Modelfetch.builder();
        SOURCES.forEach(source -> builder.endpoint(source, environment.getRequiredProperty("endpoint." + source)));
        return builder.build();
    }

    @Bean
    ApplicationRunner fetching(Modelfetch modelfetch, Environment environment) {
        Path directory = Path.of(environment.getRequiredProperty("directory"));
        String repository = environment.getRequiredProperty("repository");
        return arguments -> {
            for (String source : SOURCES) {
                Snapshot snapshot = modelfetch.fetch(modelfetch
                        .request(repository)
                        .source(SourceChoice.only(source))
                        .destination(new Destination.Directory(directory.resolve(source)))
                        .build());
                System.out.println("stored in " + snapshot.root());
            }
        };
    }
}

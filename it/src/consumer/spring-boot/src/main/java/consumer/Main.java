package consumer;

import dev.modelfetch.Destination;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.spring.ModelfetchModels;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Set by its environment: a directory, a repository, and the endpoint of each source to fetch it from. What it is given
 * configures itself. The same for every generation of Spring Boot.
 */
@SpringBootApplication
public class Main {

    public static void main(String[] args) {
        SpringApplication.run(Main.class, args);
    }

    /** By reflection, since the classes of health have other names in each generation. */
    @Bean
    ApplicationRunner health(ApplicationContext context) {
        return arguments -> {
            Object endpoint = context.getBean("healthEndpoint");
            Method ask = endpoint.getClass().getMethod("healthForPath", String[].class);
            Object health = ask.invoke(endpoint, (Object) new String[] {"modelfetch"});
            System.out.println(
                    "health " + ask.getReturnType().getMethod("getStatus").invoke(health));
        };
    }

    @Bean
    ApplicationRunner fetching(Modelfetch modelfetch, ModelfetchModels models, Environment environment) {
        Path directory = Path.of(environment.getRequiredProperty("directory"));
        String repository = environment.getRequiredProperty("repository");
        return arguments -> {
            System.out.println("ready with " + models.path("tiny"));
            for (String source : List.of("huggingface", "mirror", "modelscope")) {
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

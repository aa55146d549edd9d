package consumer;

import dev.modelfetch.Destination;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import java.nio.file.Path;
import java.util.List;

/** Set by system properties: a directory, a repository, and the endpoint of each source to fetch it from. */
public final class Main {

    private static final List<String> SOURCES = List.of("huggingface", "modelscope");

    public static void main(String[] args) {
        Modelfetch.Builder builder = Modelfetch.builder();
        SOURCES.forEach(source -> builder.endpoint(source, System.getProperty("endpoint." + source)));
        try (Modelfetch modelfetch = builder.build()) {
            for (String source : SOURCES) {
                Snapshot snapshot = modelfetch.fetch(modelfetch
                        .request(System.getProperty("repository"))
                        .source(SourceChoice.only(source))
                        .destination(new Destination.Directory(Path.of(System.getProperty("directory"), source)))
                        .build());
                System.out.println("stored in " + snapshot.root());
            }
        }
    }
}

package dev.modelfetch.spring;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.LockFile;
import dev.modelfetch.Message;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Phrase;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.core.io.ResourceLoader;

/**
 * A model of the configuration, ready to be asked for.
 *
 * @param required whether the application needs it to be ready
 */
record NamedModel(FetchRequest request, boolean required) {

    /**
     * Reads what the configuration says of each.
     *
     * @throws FetchException.Usage if that makes no sense; names the property
     */
    static Map<String, NamedModel> of(
            ModelfetchProperties properties, Modelfetch modelfetch, ResourceLoader resources) {
        Map<String, NamedModel> models = new LinkedHashMap<>();
        properties.models().forEach((name, model) -> {
            try {
                models.put(name, new NamedModel(request(model, modelfetch, resources), model.required()));
            } catch (FetchException.Usage e) {
                throw new FetchException.Usage(
                        Message.of("named-model", "modelfetch.models.{0}: {1}", name, e.message()),
                        Hint.plain(e.hint()),
                        e);
            }
        });
        return models;
    }

    private static FetchRequest request(
            ModelfetchProperties.Model model, Modelfetch modelfetch, ResourceLoader resources) {
        if (model.repo() == null) {
            throw new FetchException.Usage("No repository is named.", "Set repo, for example to owner/name.");
        }
        FetchRequest.Builder request = modelfetch.request(model.repo());
        if (model.revision() != null) {
            request.revision(model.revision());
        }
        select(model, request);
        if (model.lock() != null) {
            request.locked(lock(model.lock(), resources));
        }
        if (model.destination() != null) {
            request.destination(new Destination.Directory(model.destination()));
        }
        return request.build();
    }

    private static void select(ModelfetchProperties.Model model, FetchRequest.Builder request) {
        if (Stream.of(model.weights() != null, model.gguf() != null, model.configOnly())
                        .filter(said -> said)
                        .count()
                > 1) {
            throw new FetchException.Usage(
                    "weights, gguf and config-only contradict each other.", "Leave one of them.");
        }
        request.files(model.files().toArray(String[]::new))
                .include(model.include().toArray(String[]::new))
                .exclude(model.exclude().toArray(String[]::new));
        if (model.weights() != null) {
            request.weights(model.weights());
        }
        if (model.gguf() != null) {
            request.gguf(model.gguf());
        }
        if (model.configOnly()) {
            request.configOnly();
        }
    }

    private static LockFile lock(String location, ResourceLoader resources) {
        if (!location.startsWith(ResourceLoader.CLASSPATH_URL_PREFIX)) {
            return LockFile.read(Path.of(location));
        }
        try (Reader text =
                new InputStreamReader(resources.getResource(location).getInputStream(), StandardCharsets.UTF_8)) {
            return LockFile.read(text, location);
        } catch (IOException e) {
            throw new FetchException.Usage(
                    Message.of(
                            "lock-unreadable", "The lock file {0} cannot be read: {1}.", location, Phrase.Clause.of(e)),
                    Hint.plain("Check the path."),
                    e);
        }
    }
}

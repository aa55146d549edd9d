package dev.modelfetch.internal.memory;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.modelfetch.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code sources.json} holds: no name of a repository and no secret, only hashes of them with a salt of its own.
 * Whatever in it cannot be used is left out, and of too much the newest is kept.
 */
final class MemoryFile {

    private static final int VERSION = 1;
    private static final long LARGEST = 2 << 20;
    private static final int MOST_NETWORKS = 16;
    private static final int MOST_PLACES = 64;
    static final int MOST_NAMES = 4_096;

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /** As it is written; every part may be missing in what others wrote. */
    private record Json(
            int v,
            @Nullable String salt,
            @Nullable Map<String, Map<String, Place>> networks,
            @Nullable Map<String, String> open,
            @Nullable Map<String, String> accounts) {}

    private record Place(
            @Nullable String said,
            @Nullable String at,
            long millis,
            @Nullable String until,
            int failures,
            double rate,
            @Nullable String rateAt,
            @Nullable String sender) {

        static Place of(Standing standing) {
            Instant rateAt = standing.rateAt();
            return new Place(
                    standing.said().name(),
                    standing.at().toString(),
                    standing.millis(),
                    standing.until().toString(),
                    standing.failures(),
                    Math.rint(standing.rate()),
                    rateAt == null ? null : rateAt.toString(),
                    standing.sender());
        }

        Optional<Standing> standing() {
            boolean plausible = millis >= 0 && failures >= 0 && rate >= 0 && !Double.isInfinite(rate);
            if (!plausible || said == null || at == null || until == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Standing(
                        Standing.Said.valueOf(said),
                        Instant.parse(at),
                        millis,
                        Instant.parse(until),
                        failures,
                        rate,
                        rateAt == null ? null : Instant.parse(rateAt),
                        sender));
            } catch (IllegalArgumentException | DateTimeException e) {
                return Optional.empty();
            }
        }
    }

    /** What is kept, by whatever names it. */
    record Contents(
            String salt,
            Map<String, Map<String, Standing>> networks,
            Map<String, Instant> open,
            Map<String, Instant> accounts) {

        static Contents empty(String salt) {
            return new Contents(salt, new HashMap<>(), new HashMap<>(), new HashMap<>());
        }
    }

    private MemoryFile() {}

    /** Empty if there is none, or none that can be used. */
    static Optional<Contents> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            Json json = GSON.fromJson(Files.readString(file), Json.class);
            if (json == null || json.v() != VERSION || json.salt() == null) {
                return Optional.empty();
            }
            Contents contents = Contents.empty(json.salt());
            orEmpty(json.networks()).forEach((network, places) -> {
                Map<String, Standing> standings = new HashMap<>();
                orEmpty(places)
                        .forEach((place, known) -> Optional.ofNullable(known)
                                .flatMap(Place::standing)
                                .ifPresent(standing -> standings.put(place, standing)));
                contents.networks().put(network, standings);
            });
            orEmpty(json.open())
                    .forEach((name, at) ->
                            instant(at).ifPresent(when -> contents.open().put(name, when)));
            orEmpty(json.accounts())
                    .forEach((name, at) ->
                            instant(at).ifPresent(when -> contents.accounts().put(name, when)));
            return Optional.of(contents);
        } catch (IOException | JsonParseException | SecurityException e) {
            return Optional.empty();
        }
    }

    static void write(Path file, Contents contents, Instant now) throws IOException {
        Map<String, Map<String, Place>> networks = new LinkedHashMap<>();
        newest(contents.networks(), places -> lastUse(places, now), MOST_NETWORKS)
                .forEach((network, places) -> {
                    Map<String, Standing> kept = new HashMap<>(places);
                    kept.values().removeIf(standing -> !standing.isWorthKeeping(now));
                    if (!kept.isEmpty()) {
                        Map<String, Place> written = new LinkedHashMap<>();
                        newest(kept, Standing::at, MOST_PLACES)
                                .forEach((place, standing) -> written.put(place, Place.of(standing)));
                        networks.put(network, written);
                    }
                });
        Json json = new Json(
                VERSION,
                contents.salt(),
                networks,
                texts(newest(contents.open(), Function.identity(), MOST_NAMES)),
                texts(newest(contents.accounts(), Function.identity(), MOST_NAMES)));
        AtomicFile.directoriesAbove(file);
        Path folder = file.toAbsolutePath().getParent();
        AtomicFile.write(folder == null ? Path.of(".") : folder, file, GSON.toJson(json) + "\n");
    }

    private static Instant lastUse(Map<String, Standing> places, Instant now) {
        return places.values().stream()
                .map(Standing::at)
                .max(Comparator.naturalOrder())
                .orElse(now);
    }

    private static <T> Map<String, T> newest(Map<String, T> all, Function<T, Instant> when, int most) {
        return all.entrySet().stream()
                .sorted(Comparator.comparing(
                        (Map.Entry<String, T> entry) -> when.apply(entry.getValue()), Comparator.reverseOrder()))
                .limit(most)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static Map<String, String> texts(Map<String, Instant> times) {
        Map<String, String> texts = new LinkedHashMap<>();
        times.forEach((name, at) -> texts.put(name, at.toString()));
        return texts;
    }

    private static Optional<Instant> instant(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static <T> Map<String, T> orEmpty(@Nullable Map<String, T> map) {
        return map == null ? Map.of() : map;
    }
}

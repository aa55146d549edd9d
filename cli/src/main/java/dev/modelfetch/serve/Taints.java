package dev.modelfetch.serve;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who has been sent bytes that turned out to be wrong, and of what. Whoever goes on with the rest of such a file would
 * end with a wrong one and not notice; so for a day they are given all of it. Kept on the disk, as clients come back after
 * a restart too. Thread-safe.
 */
final class Taints {

    private static final Duration TIME = Duration.ofDays(1);
    private static final int MOST = 10_000;
    private static final Gson GSON = new Gson();

    private final Path file;
    private final InstantSource clock;
    private final Map<String, Long> untilSeconds;

    Taints(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        this.untilSeconds = new ConcurrentHashMap<>(read(file));
    }

    private static Map<String, Long> read(Path file) {
        try {
            Map<String, Long> read =
                    GSON.fromJson(Files.readString(file), new TypeToken<Map<String, Long>>() {}.getType());
            return read == null ? Map.of() : read;
        } catch (IOException | JsonParseException e) {
            return Map.of();
        }
    }

    boolean has(String address, String digest) {
        Long until = untilSeconds.get(key(address, digest));
        return until != null && until > clock.instant().getEpochSecond();
    }

    void add(String address, String digest) {
        long now = clock.instant().getEpochSecond();
        untilSeconds.values().removeIf(until -> until <= now);
        if (untilSeconds.size() < MOST) {
            untilSeconds.put(key(address, digest), now + TIME.toSeconds());
            write();
        }
    }

    private static String key(String address, String digest) {
        return address + " " + digest;
    }

    private synchronized void write() {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, GSON.toJson(untilSeconds));
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            System.getLogger(Taints.class.getName())
                    .log(Level.WARNING, "who was sent wrong bytes is forgotten at the next start: " + e.getMessage());
        }
    }
}

package dev.modelfetch.internal.config;

import dev.modelfetch.FetchException;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes fixed for sources, with those of the configuration file as it is now: somebody who switches a proxy over in
 * the middle of a night does not start again for it. A file that cannot be read any more changes nothing. Thread-safe.
 */
final class ProxyLayer implements Supplier<Map<String, Setting>> {

    private final Path file;
    private final Map<String, Setting> explicit;
    private Map<String, Setting> merged;
    private @Nullable FileTime read;

    /** @param explicit what counts more than the file, in which that is what stood at the start */
    ProxyLayer(Path file, Map<String, String> atStart, Map<String, Setting> explicit) {
        this.file = file;
        this.explicit = explicit;
        this.merged = merged(atStart);
        this.read = changed();
    }

    @Override
    public synchronized Map<String, Setting> get() {
        FileTime now = changed();
        if (now != null && !now.equals(read)) {
            read = now;
            try {
                Map<String, Setting> fresh = merged(ConfigFile.read(file).proxies());
                fresh.values().forEach(Routes::check);
                merged = fresh;
            } catch (FetchException.Usage e) {
                // In the middle of being written, or wrong: whoever starts the next time hears of it.
            }
        }
        return merged;
    }

    private Map<String, Setting> merged(Map<String, String> ofFile) {
        Map<String, Setting> all = Settings.named(ofFile, source -> "proxies." + source + " in " + file);
        all.putAll(explicit);
        return Map.copyOf(all);
    }

    private @Nullable FileTime changed() {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return null;
        }
    }
}

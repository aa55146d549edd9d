package dev.modelfetch.internal.engine;

import dev.modelfetch.spi.ModelSourceProvider;
import java.nio.file.Path;
import java.util.*;

public record Settings() {
    public static Map<String, String> processEnvironment() { return System.getenv(); }
    public static Settings of(Map<String, String> endpoints, Map<String, String> tokens, Map<String, String> proxies,
        Map<String, Map<String, String>> aliases, Optional<Path> cacheDirectory, Map<String, String> environment,
        List<ModelSourceProvider> providers, boolean discover) { return new Settings(); }
}

package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.cli.screen.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom to ask, at which address, by which way, with which secret. */
final class SourceOptions {

    /** Whose token it is when no source is forced (mirrors.md 6.1). */
    private static final String DEFAULT_TOKEN_OWNER = "huggingface";

    /** The short names people type, so that an option replaces what the environment says of the same source. */
    private static final Map<String, String> SHORT =
            Map.of("hf", DEFAULT_TOKEN_OWNER, "hf-mirror", "mirror", "ms", "modelscope");

    @Option(names = "--source", paramLabel = "WHAT", descriptionKey = "opt.source")
    @Nullable
    String source;

    @Option(names = "--endpoint", paramLabel = "SOURCE=URL", arity = "1", descriptionKey = "opt.endpoint")
    List<String> endpoints = new ArrayList<>();

    @Option(names = "--proxy", paramLabel = "SOURCE=URL|direct", arity = "1", descriptionKey = "opt.proxy")
    List<String> proxies = new ArrayList<>();

    @Option(names = "--token", paramLabel = "TOKEN", descriptionKey = "opt.token")
    @Nullable
    String token;

    @Option(names = "--token-file", paramLabel = "FILE", descriptionKey = "opt.token-file")
    @Nullable
    Path tokenFile;

    /** What was asked for; null when the option was not given. */
    @Nullable
    SourceChoice choice() {
        return source == null ? null : SourceChoice.parse(source);
    }

    /**
     * @param cacheDirectory null for the default
     * @throws FetchException.Usage if options contradict each other or cannot be read
     */
    Setup setup(Console console, @Nullable Path cacheDirectory) {
        return new Setup(
                pairs("--endpoint", endpoints),
                tokens(console),
                pairs("--proxy", proxies),
                cacheDirectory,
                console.environment());
    }

    private Map<String, String> tokens(Console console) {
        if (token == null && tokenFile == null) {
            return Map.of();
        }
        if (token != null && tokenFile != null) {
            throw new FetchException.Usage(
                    "--token and --token-file contradict each other.", "Give the token in one way.");
        }
        String owner = tokenOwner();
        String secret = tokenFile != null ? content(tokenFile) : "-".equals(token) ? console.readLine() : token;
        if (secret == null || secret.isBlank()) {
            throw new FetchException.Usage(
                    "The token for " + owner + " is empty.", "Check the file, the variable or the pipe it comes from.");
        }
        return Map.of(owner, secret.strip());
    }

    private String tokenOwner() {
        if (!(choice() instanceof SourceChoice.Only only)) {
            return DEFAULT_TOKEN_OWNER;
        }
        if (only.sources().size() > 1) {
            throw new FetchException.Usage(
                    "A token belongs to one source, but --source names "
                            + only.sources().size() + ".",
                    "Force one source, or set HF_TOKEN, HF_MIRROR_TOKEN or MODELSCOPE_API_TOKEN.");
        }
        return id(only.sources().get(0));
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new FetchException.Usage(
                    "The token file " + file + " cannot be read: " + e.getMessage() + ".",
                    "Check the path and its permissions.",
                    e);
        }
    }

    private static Map<String, String> pairs(String option, List<String> given) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : given) {
            int equals = text.indexOf('=');
            if (equals < 1 || equals == text.length() - 1) {
                throw new FetchException.Usage(
                        option + " " + text + " does not say which source and what.",
                        "Write " + option + " SOURCE=URL, for example " + option + " mirror=https://hf-mirror.com.");
            }
            pairs.put(
                    id(text.substring(0, equals).trim().toLowerCase(Locale.ROOT)),
                    text.substring(equals + 1).trim());
        }
        return pairs;
    }

    private static String id(String name) {
        return SHORT.getOrDefault(name, name);
    }
}

package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.ProxyPolicy;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.cli.screen.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whom to ask, at which address, by which way, with which secret. */
final class SourceOptions {

    /** Whose token it is when no source is forced (mirrors.md 6.1). */
    private static final String DEFAULT_TOKEN_OWNER = "huggingface";

    /** What a shell may complete; there may be others on the class path. */
    private static final List<String> SOURCES = List.of("auto", DEFAULT_TOKEN_OWNER, "mirror", "modelscope");

    private static final List<String> POLICIES =
            Arrays.stream(ProxyPolicy.values()).map(ProxyPolicy::word).toList();

    /** Null when the option was not given. */
    @Nullable
    SourceChoice choice;

    List<SourceSetting> endpoints = new ArrayList<>();
    List<SourceSetting> proxies = new ArrayList<>();

    @Nullable
    String token;

    @Nullable
    Path tokenFile;

    @Nullable
    Path caBundle;

    @Nullable
    ProxyPolicy proxyPolicy;

    boolean isPublic;
    boolean probeFresh;

    void declare(Options options) {
        options.word("--source", "WHAT", SOURCES, SourceChoice::parse, said -> choice = said);
        declareToken(options);
        declareWay(options);
        options.flag("--public", said -> isPublic = said);
        options.flag("--probe-fresh", said -> probeFresh = said);
    }

    /** Where one source is meant, whose token is in question. */
    void declareOne(Options options) {
        options.word("--source", "WHAT", "source-of-token", SOURCES, SourceChoice::parse, said -> choice = said);
        declareWay(options);
    }

    /** A secret to be shown to it. */
    void declareToken(Options options) {
        options.text("--token", "TOKEN", said -> token = said);
        options.path("--token-file", "FILE", said -> tokenFile = said);
    }

    private void declareWay(Options options) {
        options.values("--endpoint", "SOURCE=URL", SourceSetting::ofEndpoint, said -> endpoints = said);
        options.values("--proxy", "SOURCE=URL|direct", SourceSetting::ofProxy, said -> proxies = said);
        options.path("--ca-bundle", "FILE", said -> caBundle = said);
        options.word("--proxy-policy", "WHEN", POLICIES, ProxyPolicy::parse, said -> proxyPolicy = said);
    }

    /** Where callers have tokens of their own, and no job is begun by a person. */
    void declareOfService(Options options) {
        options.word("--source", "WHAT", SOURCES, SourceChoice::parse, said -> choice = said);
        declareWay(options);
        options.ownFlag("public-names", said -> isPublic = said, "--public");
    }

    /**
     * @param cacheDirectory null for the default
     * @throws FetchException.Usage if there is no token where one was promised, or nobody to whom it would belong
     */
    Setup setup(Console console, @Nullable Path cacheDirectory) {
        return new Setup(
                SourceSetting.bySource(endpoints),
                token == null ? Map.of() : Map.of(tokenOwner(), secret(token, console)),
                tokenFile == null
                        ? Map.of()
                        : Map.of(
                                tokenOwner(),
                                readable(
                                        tokenFile,
                                        Message.of(
                                                "token-file-lost", "The token file {0} cannot be read.", tokenFile))),
                SourceSetting.bySource(proxies),
                proxyPolicy,
                cacheDirectory,
                caBundle == null
                        ? null
                        : readable(
                                caBundle,
                                Message.of("ca-bundle-lost", "The certificate file {0} cannot be read.", caBundle)),
                console.environment());
    }

    /**
     * What was given as a token, or stands on standard input.
     *
     * @throws FetchException.Usage if that is nothing
     */
    String secret(String said, Console console) {
        String secret = "-".equals(said) ? console.readLine() : said;
        if (secret == null || secret.isBlank()) {
            throw new FetchException.Usage(
                    Message.of("empty-token", "The token for {0} is empty.", tokenOwner()),
                    Hint.plain("Check the variable or the pipe it comes from."));
        }
        return secret.strip();
    }

    private static Path readable(Path file, Message otherwise) {
        if (!Files.isReadable(file)) {
            throw new FetchException.Usage(otherwise, Hint.plain("Check the path and its permissions."));
        }
        return file;
    }

    /**
     * The one source whose token is meant.
     *
     * @throws FetchException.Usage if several are named
     */
    String tokenOwner() {
        if (!(choice instanceof SourceChoice.Only only)) {
            return DEFAULT_TOKEN_OWNER;
        }
        if (only.sources().size() > 1) {
            throw new FetchException.Usage(
                    Message.of(
                            "token-for-several",
                            "A token belongs to one source, but --source names {0}.",
                            only.sources().size()),
                    Hint.plain("Force one source, or set HF_TOKEN, HF_MIRROR_TOKEN or MODELSCOPE_API_TOKEN."));
        }
        return SourceSetting.idOf(only.sources().get(0));
    }
}

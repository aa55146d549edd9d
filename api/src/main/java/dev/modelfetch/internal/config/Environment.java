package dev.modelfetch.internal.config;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.internal.net.HttpClients.Timeouts;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.internal.token.HubTokens;
import dev.modelfetch.internal.token.OwnTokens;
import dev.modelfetch.internal.token.TokenFile;
import dev.modelfetch.internal.token.TokenStore;
import dev.modelfetch.spi.SourceProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the variables of contract section 4 say, in our terms. The one place that knows their names; the process
 * environment itself is read once, in {@link Settings#processEnvironment()}.
 */
final class Environment {

    /** Of a program that serves others, who are not to be served by what somebody has stored for themselves. */
    static final String NO_STORED_TOKENS = "MODELFETCH_NO_STORED_TOKENS";

    private static final String NO_IMPLICIT_TOKEN = "HF_HUB_DISABLE_IMPLICIT_TOKEN";
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    Map<String, String> variables() {
        return variables;
    }

    /** Endpoints by source id. */
    Map<String, Setting> endpoints() {
        Map<String, Setting> found = new LinkedHashMap<>();
        hubElsewhere().ifPresent(url -> found.put("mirror", new Setting(url, "HF_ENDPOINT")));
        setting("HF_MIRROR_ENDPOINT").ifPresent(url -> found.put("mirror", url));
        setting("MODELSCOPE_DOMAIN").ifPresent(host -> found.put("modelscope", host));
        setting("MODELSCOPE_ENDPOINT").ifPresent(url -> found.put("modelscope", url));
        return found;
    }

    /**
     * {@code HF_ENDPOINT} when it names another host than Hugging Face. People in mainland China export it for a mirror,
     * and mean that the origin is not to be asked (mirrors.md 5.9, step 0).
     */
    Optional<String> hubElsewhere() {
        return text("HF_ENDPOINT").filter(url -> !isHuggingFace(url));
    }

    /** Tokens by source id; each belongs to that source alone. */
    Map<String, Setting> tokens() {
        Map<String, Setting> found = new LinkedHashMap<>(namedTokens());
        if (isImplicitTokenWanted() && !found.containsKey(SourceProfile.HUB)) {
            storedHubToken().ifPresent(token -> found.put(SourceProfile.HUB, token));
        }
        return found;
    }

    /** Those that stand in variables. */
    Map<String, Setting> namedTokens() {
        Map<String, Setting> found = new LinkedHashMap<>();
        if (isImplicitTokenWanted()) {
            setting("HF_TOKEN")
                    .or(() -> setting("HUGGING_FACE_HUB_TOKEN"))
                    .ifPresent(token -> found.put(SourceProfile.HUB, token));
        }
        setting("HF_MIRROR_TOKEN").ifPresent(token -> found.put("mirror", token));
        setting("MODELSCOPE_API_TOKEN").ifPresent(token -> found.put("modelscope", token));
        return found;
    }

    private boolean isImplicitTokenWanted() {
        return !flag(NO_IMPLICIT_TOKEN);
    }

    /** Where the token of a source is kept; that of the Hub where its own tools have it. */
    TokenStore tokenStore(String source) {
        return source.equals(SourceProfile.HUB) ? new HubTokens(hubTokenFile()) : new OwnTokens(ownTokenFile(), source);
    }

    /** The variable that holds a token of that source. */
    Optional<String> tokenVariable(String source) {
        return Optional.ofNullable(namedTokens().get(source)).map(Setting::from);
    }

    /** What has the stored token of that source left alone. */
    Optional<String> noStoredTokensBy(String source) {
        if (!variables.getOrDefault(NO_STORED_TOKENS, "").isEmpty()) {
            return Optional.of(NO_STORED_TOKENS);
        }
        return source.equals(SourceProfile.HUB) && !isImplicitTokenWanted()
                ? Optional.of(NO_IMPLICIT_TOKEN)
                : Optional.empty();
    }

    private Optional<Setting> storedHubToken() {
        if (variables.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(TokenFile.read(hubTokenFile()))
                    .filter(token -> !token.value().isBlank());
        } catch (IOException e) {
            // No token file is the usual case; an unreadable one means going without.
            return Optional.empty();
        }
    }

    private Path hubTokenFile() {
        return path("HF_TOKEN_PATH").orElseGet(() -> hubHome().resolve("token"));
    }

    /** Files of tokens that are there and cannot be read, by source id: whoever stored one wonders why it is not used. */
    Map<String, Path> unreadableTokens() {
        boolean wanted = isImplicitTokenWanted() && !variables.isEmpty();
        if (!wanted || tokens().containsKey(SourceProfile.HUB) || !Files.exists(hubTokenFile())) {
            return Map.of();
        }
        try {
            var unused = TokenFile.read(hubTokenFile());
            return Map.of();
        } catch (IOException e) {
            return Map.of(SourceProfile.HUB, hubTokenFile());
        }
    }

    /** Root of the hub cache (huggingface.md 4). */
    Setting hubCache() {
        return namedHubCache()
                .orElseGet(() -> new Setting(
                        hubHome().resolve("hub").toString(),
                        text("XDG_CACHE_HOME").isPresent() ? "XDG_CACHE_HOME" : "default"));
    }

    /** The same, if a variable speaks of the hub's files and not of caches in general. */
    Optional<Setting> namedHubCache() {
        return folder("HF_HUB_CACHE", "")
                .or(() -> folder("HUGGINGFACE_HUB_CACHE", ""))
                .or(() -> folder("HF_HOME", "hub"));
    }

    private Optional<Setting> folder(String name, String below) {
        return path(name).map(folder -> new Setting(folder.resolve(below).toString(), name));
    }

    private Path hubHome() {
        return path("HF_HOME")
                .or(() -> path("XDG_CACHE_HOME").map(cache -> cache.resolve("huggingface")))
                .orElseGet(() -> home().resolve(".cache").resolve("huggingface"));
    }

    /** Root of ModelScope's own cache (modelscope.md 6.2). */
    Path modelScopeCache() {
        return path("MODELSCOPE_CACHE").orElseGet(() -> home().resolve(".cache").resolve("modelscope"));
    }

    Path configFile() {
        return path("XDG_CONFIG_HOME")
                .or(() -> path("LOCALAPPDATA"))
                .orElseGet(() -> home().resolve(".config"))
                .resolve("modelfetch")
                .resolve("config.json");
    }

    private Path ownTokenFile() {
        return configFile().resolveSibling("tokens.json");
    }

    /** Where what is learned of sources is kept; empty where there is no home to keep it in. */
    Optional<Path> memory() {
        return path("XDG_CACHE_HOME")
                .or(() -> path("LOCALAPPDATA"))
                .or(() -> text("HOME").map(home -> Path.of(home).resolve(".cache")))
                .map(cache -> cache.resolve("modelfetch").resolve("sources.json"));
    }

    boolean offline() {
        return flag(text("HF_HUB_OFFLINE").isPresent() ? "HF_HUB_OFFLINE" : "TRANSFORMERS_OFFLINE");
    }

    boolean symlinks() {
        return !flag("HF_HUB_DISABLE_SYMLINKS");
    }

    Timeouts timeouts() {
        return new Timeouts(seconds("HF_HUB_ETAG_TIMEOUT"), seconds("HF_HUB_DOWNLOAD_TIMEOUT"));
    }

    /** Whether language or time zone speak for mainland China; orders the start of a race and nothing else. */
    boolean mainlandChina() {
        String language = text("LC_ALL")
                .or(() -> text("LC_MESSAGES"))
                .or(() -> text("LANG"))
                .orElse("");
        String zone = text("TZ")
                .orElse(
                        variables.isEmpty()
                                ? ""
                                : java.time.ZoneId.systemDefault().getId());
        return language.startsWith("zh_CN")
                || Set.of("Asia/Shanghai", "Asia/Chongqing", "Asia/Urumqi", "PRC")
                        .contains(zone);
    }

    /** Further certificates to trust, as curl, Python and OpenSSL are told of them. */
    Optional<Setting> caBundle() {
        return setting("SSL_CERT_FILE").or(() -> setting("REQUESTS_CA_BUNDLE")).or(() -> setting("CURL_CA_BUNDLE"));
    }

    private Optional<Duration> seconds(String name) {
        Optional<String> value = text(name);
        if (value.isEmpty() || value.get().equals("0")) {
            return Optional.empty();
        }
        try {
            double seconds = Double.parseDouble(value.get());
            if (seconds > 0 && seconds < 86_400) {
                return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the same complaint.
        }
        throw new FetchException.Usage(
                Message.of("bad-seconds", "{0}={1} is not a number of seconds.", name, value.get()),
                Hint.plain("Unset it or give seconds, for example 10."));
    }

    private boolean flag(String name) {
        return YES.contains(variables.getOrDefault(name, "").trim().toUpperCase(Locale.ROOT));
    }

    private Optional<String> text(String name) {
        @Nullable String value = variables.get(name);
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }

    private Optional<Setting> setting(String name) {
        return text(name).map(value -> new Setting(value, name));
    }

    private Optional<Path> path(String name) {
        return text(name).map(this::expanded);
    }

    /** {@code ~} and {@code $NAME} are expanded as the reference client does. */
    Path expanded(String value) {
        String expanded = value;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            expanded = expanded.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        if (expanded.startsWith("$")) {
            String first = expanded.split("/", 2)[0];
            expanded = variables.getOrDefault(first.substring(1), first) + expanded.substring(first.length());
        }
        return expanded.equals("~") || expanded.startsWith("~/") || expanded.startsWith("~\\")
                ? Path.of(home() + expanded.substring(1))
                : Path.of(expanded);
    }

    /** On Windows Python goes by its variable, whatever a Unix shell there may have set besides. */
    private Path home() {
        return text("USERPROFILE").or(() -> text("HOME")).map(Path::of).orElseGet(() -> homeOf(known()));
    }

    private static String known() {
        return System.getProperty("user.home", "");
    }

    /** Java has a question mark for users that the system does not know; containers give those the root. */
    static Path homeOf(String known) {
        return Path.of(known.isBlank() || known.equals("?") ? "/" : known);
    }

    private static boolean isHuggingFace(String text) {
        HttpUrl url = HttpUrl.parse(text.contains("://") ? text : "https://" + text);
        return url != null
                && Set.of("huggingface.co", "www.huggingface.co", "hf.co").contains(url.host());
    }
}

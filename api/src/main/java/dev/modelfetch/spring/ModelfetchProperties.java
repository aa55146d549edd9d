package dev.modelfetch.spring;

import dev.modelfetch.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What {@code application.yml} says of {@link dev.modelfetch.Modelfetch}. Maps are by the id or short name of a source,
 * {@code models} by a name of one's own. {@link #toString()} leaves out what is secret.
 *
 * @param cacheDirectory root of the hub cache, the directory that holds models--…; by default as the environment says
 * @param endpoints addresses of sources, where they are not the usual ones
 * @param tokens tokens, each for one source's endpoint and nobody else
 * @param tokenFiles files that hold nothing but a token, such as mounted secrets
 * @param proxies routes of sources: direct, http://host:port or socks5://host:port
 * @param caBundle certificates in PEM form to trust beside those of the JDK and the system
 * @param source which sources requests may ask: auto, a name, or names separated by commas
 * @param maxJobs jobs at work at the same time
 * @param maxConnections connections that bring bytes at the same time, over all jobs; no limit unless set
 * @param bytesPerSecond rate of all jobs together; no limit unless set
 * @param environment whether variables such as HF_TOKEN, HF_HOME and HTTPS_PROXY and the user's configuration file count
 * @param offline whether no connection is made at all, and only what is stored can be had
 * @param models what the application needs, fetched as it starts
 */
@ConfigurationProperties("modelfetch")
public record ModelfetchProperties(
        @Nullable Path cacheDirectory,
        @DefaultValue Map<String, String> endpoints,
        @DefaultValue Map<String, String> tokens,
        @DefaultValue Map<String, Path> tokenFiles,
        @DefaultValue Map<String, String> proxies,
        @Nullable Path caBundle,
        @Nullable String source,
        @Nullable Integer maxJobs,
        @Nullable Integer maxConnections,
        @Nullable DataSize bytesPerSecond,
        @DefaultValue("true") boolean environment,
        @DefaultValue("false") boolean offline,
        @DefaultValue Map<String, Model> models) {

    public ModelfetchProperties {
        endpoints = Map.copyOf(endpoints);
        tokens = Map.copyOf(tokens);
        tokenFiles = Map.copyOf(tokenFiles);
        proxies = Map.copyOf(proxies);
        models = Map.copyOf(models);
    }

    /**
     * A model, or a dataset.
     *
     * @param repo owner/name, datasets/owner/name, or the address of its page
     * @param revision branch, tag or commit; by default the hub's default branch
     * @param include patterns of files to take; all unless set
     * @param exclude patterns of files to leave out
     * @param files exact paths to take
     * @param weights format of the weights to take, best or one such as safetensors, with what is no weights
     * @param gguf one GGUF quantisation to take, such as Q4_K_M, and nothing else
     * @param configOnly whether to take configuration and tokenizer and no weights
     * @param lock lock file to hold it to: a path, or classpath:… for one that is packaged with the application
     * @param destination directory for plain files, instead of the hub cache
     * @param required whether the application is not ready before it is there, and does not start without it
     */
    public record Model(
            @Nullable String repo,
            @Nullable String revision,
            @DefaultValue List<String> include,
            @DefaultValue List<String> exclude,
            @DefaultValue List<String> files,
            @Nullable Weights weights,
            @Nullable String gguf,
            @DefaultValue("false") boolean configOnly,
            @Nullable String lock,
            @Nullable Path destination,
            @DefaultValue("true") boolean required) {

        public Model {
            include = List.copyOf(include);
            exclude = List.copyOf(exclude);
            files = List.copyOf(files);
        }
    }

    /** Proxies may have a password in them. */
    @Override
    public String toString() {
        return "ModelfetchProperties[cacheDirectory=" + cacheDirectory + ", endpoints=" + endpoints + ", tokens="
                + tokens.keySet() + ", tokenFiles=" + tokenFiles + ", proxies=" + proxies.keySet() + ", caBundle="
                + caBundle + ", source=" + source + ", maxJobs=" + maxJobs + ", maxConnections=" + maxConnections
                + ", bytesPerSecond=" + bytesPerSecond + ", environment=" + environment + ", offline=" + offline
                + ", models=" + models + "]";
    }
}

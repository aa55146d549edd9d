package dev.modelfetch;

import java.util.Locale;

/**
 * When a proxy is used that the environment, the system or the JVM names. What is fixed for one source is followed whatever
 * the policy.
 */
public enum ProxyPolicy {
    /** A proxy is taken to cost money: what can be had directly at a usable rate is had directly. */
    DIRECT_FIRST,
    /** Directly only what cannot be had by the proxy. */
    PROXY_FIRST,
    /** Nothing directly that the proxy is meant for. */
    ALWAYS,
    /** As if there were no proxy. */
    NEVER;

    /** The word used on the command line, for example {@code direct-first}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads a {@link #word}.
     *
     * @throws FetchException.Usage if it is none
     */
    public static ProxyPolicy parse(String text) {
        for (ProxyPolicy policy : values()) {
            if (policy.word().equals(text.trim().toLowerCase(Locale.ROOT))) {
                return policy;
            }
        }
        throw new FetchException.Usage(
                Message.of("bad-proxy-policy", "\"{0}\" is not a proxy policy.", text),
                Hint.plain("Use direct-first, proxy-first, always or never."));
    }
}

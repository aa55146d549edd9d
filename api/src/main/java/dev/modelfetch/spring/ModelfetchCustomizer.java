package dev.modelfetch.spring;

import dev.modelfetch.Modelfetch;

/**
 * A bean that says more of how {@link Modelfetch} is built than the properties do: rotating tokens, certificates of
 * one's own, listeners. Called in order, after everything else has been said.
 */
@FunctionalInterface
public interface ModelfetchCustomizer {

    void customize(Modelfetch.Builder builder);
}

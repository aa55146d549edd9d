package dev.modelfetch;

import java.util.List;

/**
 * What works here, and what stands in the way. Immutable.
 *
 * @param works whether a fetch would work by some source
 * @param findings those of each source in the order they are asked, then those that concern all of them
 * @param probes what every source that was asked has answered
 */
public record Diagnosis(boolean works, List<Finding> findings, List<Probe> probes) {
    public Diagnosis {
        findings = List.copyOf(findings);
        probes = List.copyOf(probes);
    }
}

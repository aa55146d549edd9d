package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import java.util.List;
import java.util.stream.Collectors;

/** Turns what several sources said into the one error that helps most: access, then absence, then the network. */
public final class NoSource {

    private NoSource() {}

    /**
     * @param what the repository or file, in words that can begin a sentence
     * @param probes what every source asked has said; none of them usable
     */
    public static FetchException explain(String what, List<Probe> probes) {
        List<Probe> refused = of(probes, Verdict.Kind.NEEDS_AUTH);
        if (!refused.isEmpty()) {
            String rest = probes.size() > refused.size() ? " (" + causes(without(probes, refused)) + ")" : "";
            return new FetchException.AccessDenied(
                            what + " needs permission: " + causes(refused) + rest + ".",
                            "Ask for access on the repository's page, then give a token with --token-file or the source's variable.")
                    .withProbes(probes);
        }
        List<Probe> absent = of(probes, Verdict.Kind.NOT_HERE);
        List<Probe> silent = without(probes, absent);
        // What a source knows without asking is no answer; it is the last word only where nobody else may know better.
        boolean said = silent.isEmpty() || absent.stream().anyMatch(NoSource::answered);
        if (!absent.isEmpty() && said && silent.stream().noneMatch(NoSource::answered)) {
            String unasked =
                    silent.isEmpty() ? "" : " It may exist at a source that did not answer: " + causes(silent) + ".";
            return new FetchException.NotFound(
                            what + " was not found: " + causes(absent) + "." + unasked,
                            "Check the spelling, the type (--repo-type) and the revision; a private repository needs a token.")
                    .withProbes(probes);
        }
        return new FetchException.Unreachable(
                        what + " cannot be had: " + causes(probes) + ".",
                        probes.stream().anyMatch(probe -> probe.verdict().kind() == Verdict.Kind.ALIAS)
                                ? "The mirror sends this network to the origin; use --source huggingface."
                                : "Check the network and the proxy (--proxy SOURCE=URL), or choose another --source; -v shows every answer.")
                .withProbes(probes);
    }

    private static boolean answered(Probe probe) {
        return probe.verdict().answered();
    }

    private static String causes(List<Probe> probes) {
        return probes.stream()
                .map(probe -> probe.source() + ": " + probe.verdict().detail())
                .collect(Collectors.joining("; "));
    }

    private static List<Probe> of(List<Probe> probes, Verdict.Kind kind) {
        return probes.stream().filter(probe -> probe.verdict().kind() == kind).toList();
    }

    private static List<Probe> without(List<Probe> probes, List<Probe> some) {
        return probes.stream().filter(probe -> !some.contains(probe)).toList();
    }
}

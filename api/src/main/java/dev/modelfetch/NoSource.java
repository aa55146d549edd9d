package dev.modelfetch;

import dev.modelfetch.Verdict.Missing;
import java.util.List;
import java.util.stream.Collectors;

/** Turns what several sources said into the one error that helps most: access, then absence, then the network. */
final class NoSource {

    private NoSource() {}

    static FetchException explain(String what, List<Probe> probes) {
        List<Probe> refused = of(probes, Verdict.Kind.NEEDS_AUTH);
        if (!refused.isEmpty()) {
            String rest = probes.size() > refused.size() ? " (" + causes(without(probes, refused)) + ")" : "";
            return new FetchException.AccessDenied(
                            what + " needs permission: " + causes(refused) + rest + ".", accessHint(refused))
                    .withProbes(probes);
        }
        List<Probe> absent = of(probes, Verdict.Kind.NOT_HERE);
        List<Probe> silent = without(probes, absent);
        // What a source knows without asking is no answer; it is the last word only where nobody else may know better.
        boolean answered = absent.stream().anyMatch(NoSource::answered);
        boolean said = answered || silent.isEmpty();
        if (!absent.isEmpty() && said && silent.stream().noneMatch(NoSource::answered)) {
            String unasked =
                    silent.isEmpty() ? "" : " It may exist at a source that did not answer: " + causes(silent) + ".";
            return new FetchException.NotFound(
                            what + " was not found: " + causes(absent) + "." + unasked,
                            answered
                                    ? "Check the spelling, the type (--repo-type) and the revision; a private repository needs a token."
                                    : "Choose another --source; -v shows every answer.")
                    .withProbes(probes);
        }
        return new FetchException.Unreachable(what + " cannot be had: " + causes(probes) + ".", hint(probes))
                .withProbes(probes);
    }

    private static String accessHint(List<Probe> refused) {
        List<Missing> missing = refused.stream()
                .map(probe -> ((Verdict.NeedsAuth) probe.verdict()).missing())
                .toList();
        if (missing.contains(Missing.VALID_TOKEN)) {
            return "Put a valid token in the place of that one, or take it away: what is public needs none.";
        }
        if (missing.contains(Missing.PERMISSION)) {
            return "Ask for access on the repository's page, signed in to the account that the token belongs to.";
        }
        return "Give a token with --token-file or the source's variable; if the repository is gated, ask for access on its page first.";
    }

    /** By what stands in the way first: who cannot be reached, who is asked too often, who has trouble, who refuses. */
    private static String hint(List<Probe> probes) {
        if (of(probes, Verdict.Kind.ALIAS).size() > 0) {
            return "The mirror sends this network to the origin; use --source huggingface.";
        }
        if (of(probes, Verdict.Kind.DOWN).stream()
                .anyMatch(probe -> !probe.verdict().retryable())) {
            return "That will not pass by itself: mend the proxy or setting that is named, or, for a network that looks into connections, name its authority with --ca-bundle or SSL_CERT_FILE.";
        }
        if (probes.isEmpty() || of(probes, Verdict.Kind.DOWN).stream().anyMatch(probe -> !answered(probe))) {
            return "Check the network and the proxy (--proxy SOURCE=URL), or choose another --source; -v shows every answer.";
        }
        if (!of(probes, Verdict.Kind.LIMITED).isEmpty()) {
            return "Wait as long as is said there and run the same command again; a token allows more requests, and so does another --source.";
        }
        if (!of(probes, Verdict.Kind.DOWN).isEmpty()) {
            return "The hub has trouble of its own: try again later, or choose another --source; -v shows every answer.";
        }
        if (!of(probes, Verdict.Kind.BROKEN).isEmpty()) {
            return "Choose another --source, and tell the author of that one; -v shows every answer.";
        }
        return "Choose another --source; -v shows every answer.";
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

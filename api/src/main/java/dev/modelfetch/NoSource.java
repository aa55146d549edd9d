package dev.modelfetch;

import dev.modelfetch.Verdict.Missing;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what several sources said into the one error that helps most: access, then absence, then the network. */
final class NoSource {

    private NoSource() {}

    static FetchException explain(Phrase what, List<Probe> all) {
        return explained(what, without(all, of(all, Verdict.Kind.NOT_ASKED))).withProbes(all);
    }

    private static FetchException explained(Phrase what, List<Probe> probes) {
        List<Probe> refused = of(probes, Verdict.Kind.NEEDS_AUTH);
        if (!refused.isEmpty()) {
            List<Probe> others = without(probes, refused);
            return new FetchException.AccessDenied(
                            others.isEmpty()
                                    ? Message.of(
                                            "needs-permission", "{0} needs permission: {1}.", what, causes(refused))
                                    : Message.of(
                                            "needs-permission-others",
                                            "{0} needs permission: {1} ({2}).",
                                            what,
                                            causes(refused),
                                            causes(others)),
                            accessHint(refused))
                    .withOrigin(origin(refused))
                    .withProbes(probes);
        }
        List<Probe> absent = of(probes, Verdict.Kind.NOT_HERE);
        List<Probe> silent = without(probes, absent);
        // What a source knows without asking is no answer; it is the last word only where nobody else may know better.
        boolean answered = absent.stream().anyMatch(NoSource::answered);
        boolean said = answered || silent.isEmpty();
        if (!absent.isEmpty() && said && silent.stream().noneMatch(NoSource::answered)) {
            Message absence = Message.of("not-found", "{0} was not found: {1}.", what, causes(absent));
            return new FetchException.NotFound(
                            silent.isEmpty()
                                    ? absence
                                    : absence.then(Message.of(
                                            "perhaps-elsewhere",
                                            "It may exist at a source that did not answer: {0}.",
                                            causes(silent))),
                            answered
                                    ? Hint.of(
                                            "check-name",
                                            "Check the spelling, the type and the revision; a private repository needs a token.")
                                    : Hint.of("choose-source", "Allow another source; the probes hold every answer."))
                    .withOrigin(origin(absent))
                    .withProbes(probes);
        }
        return new FetchException.Unreachable(
                        Message.of("not-downloaded", "{0} could not be downloaded: {1}.", what, causes(probes)),
                        hint(probes))
                .withOrigin(origin(probes))
                .withProbes(probes);
    }

    /** Null where several have failed. */
    private static @Nullable Origin origin(List<Probe> probes) {
        if (probes.size() != 1) {
            return null;
        }
        Probe only = probes.get(0);
        return new Origin(only.source(), host(only.endpoint()), Optional.empty());
    }

    private static String host(String endpoint) {
        try {
            return Objects.requireNonNullElse(new URI(endpoint).getHost(), endpoint);
        } catch (URISyntaxException e) {
            return endpoint;
        }
    }

    private static Hint accessHint(List<Probe> refused) {
        List<Missing> missing = refused.stream()
                .map(probe -> ((Verdict.NeedsAuth) probe.verdict()).missing())
                .toList();
        if (missing.contains(Missing.VALID_TOKEN)) {
            return Hint.plain(
                    "Put a valid token in the place of that one, or take it away: what is public needs none.");
        }
        if (missing.contains(Missing.PERMISSION)) {
            return Hint.plain(
                    "Ask for access on the repository's page, signed in to the account that the token belongs to.");
        }
        return Hint.of(
                "give-token", "Give the source a token; if the repository is gated, ask for access on its page first.");
    }

    /** By what stands in the way first: who cannot be reached, who is asked too often, who has trouble, who refuses. */
    private static Hint hint(List<Probe> probes) {
        if (of(probes, Verdict.Kind.ALIAS).size() > 0) {
            return Hint.of("use-origin", "The mirror sends this network to the origin: allow huggingface.");
        }
        if (of(probes, Verdict.Kind.DOWN).stream()
                .anyMatch(probe -> !probe.verdict().retryable())) {
            return Hint.of(
                    "mend-way",
                    "That will not pass by itself: mend the proxy or setting that is named, or, for a network that looks into connections, trust its authority.");
        }
        if (probes.isEmpty() || of(probes, Verdict.Kind.DOWN).stream().anyMatch(probe -> !answered(probe))) {
            return Hint.of(
                    "check-network",
                    "Check the network and the proxy, or allow another source; the probes hold every answer.");
        }
        if (!of(probes, Verdict.Kind.LIMITED).isEmpty()) {
            return Hint.of(
                    "wait",
                    "Wait as long as is said there and try again; a token allows more requests, and so does another source.");
        }
        if (!of(probes, Verdict.Kind.DOWN).isEmpty()) {
            return Hint.of(
                    "hub-trouble",
                    "The hub has trouble of its own: try again later, or allow another source; the probes hold every answer.");
        }
        if (!of(probes, Verdict.Kind.BROKEN).isEmpty()) {
            return Hint.of("tell-author", "Allow another source, and tell the author of that one.");
        }
        return Hint.of("choose-source", "Allow another source; the probes hold every answer.");
    }

    private static boolean answered(Probe probe) {
        return probe.verdict().answered();
    }

    private static Phrase.Series causes(List<Probe> probes) {
        return Phrase.Series.of(probes.stream()
                .map(probe -> Message.of(
                        "cause",
                        "{0}: {1}",
                        probe.source(),
                        new Phrase.Clause(probe.verdict().detail())))
                .toList());
    }

    private static List<Probe> of(List<Probe> probes, Verdict.Kind kind) {
        return probes.stream().filter(probe -> probe.verdict().kind() == kind).toList();
    }

    private static List<Probe> without(List<Probe> probes, List<Probe> some) {
        return probes.stream().filter(probe -> !some.contains(probe)).toList();
    }
}

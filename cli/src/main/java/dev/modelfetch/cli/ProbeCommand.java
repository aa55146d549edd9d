package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Phrase;
import dev.modelfetch.Probe;
import dev.modelfetch.Sample;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Messages;
import dev.modelfetch.cli.screen.ProbeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code fetch probe [REPO]}: every source is asked, and all answers are waited for. */
final class ProbeCommand implements Command {

    private final Surroundings around;
    private final RepoOptions what = new RepoOptions();
    private final SourceOptions sources = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    private @Nullable String repo;

    ProbeCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.optionalParameter("REPO", "arg.probe-repo", said -> repo = said);
        what.declare(options);
        sources.declare(options);
        output.declare(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        Target target = repo == null ? null : what.target(repo, List.of());
        SourceChoice choice = sources.choice == null ? SourceChoice.auto() : sources.choice;
        try (Modelfetch modelfetch = session.open(sources, null)) {
            if (session.offline()) {
                throw new FetchException.NotStored(
                        "HF_HUB_OFFLINE is set, so no source may be asked.", "Unset it to look at the network.");
            }
            if (target == null) {
                return answer(
                        new Phrase.Clause("A repository"),
                        modelfetch.probe(choice, session.events()),
                        List.of(),
                        List.of(),
                        session.messages());
            }
            FetchRequest request = session.request(modelfetch, target, sources, false)
                    .probeFresh(true)
                    .build();
            List<Probe> probes = modelfetch.probe(request, session.events());
            List<Listing> listings = listings(modelfetch, request, probes);
            List<Sample> samples = listings.isEmpty() ? List.of() : modelfetch.sample(request);
            return answer(new Phrase.Text(target.toString()), probes, listings, samples, session.messages());
        }
    }

    /** What a fetch would begin with, then what every other source lists that has it; empty if a fetch would fail. */
    private static List<Listing> listings(Modelfetch modelfetch, FetchRequest request, List<Probe> probes) {
        Optional<Listing> taken =
                has(probes, Verdict.Kind.USABLE) ? OtherListings.listing(modelfetch, request) : Optional.empty();
        return taken.map(first -> Stream.concat(
                                Stream.of(first), OtherListings.of(modelfetch, request, probes, first).stream())
                        .toList())
                .orElse(List.of());
    }

    private static Answer answer(
            Phrase what, List<Probe> probes, List<Listing> listings, List<Sample> samples, Messages messages) {
        List<String> table = new ArrayList<>(ProbeTable.lines(probes, messages));
        JsonObject json = new JsonObject();
        json.add("probes", Json.probes(probes));
        if (!listings.isEmpty()) {
            Listing taken = listings.get(0);
            List<Listing> others = listings.subList(1, listings.size());
            table.addAll(ProbeTable.decision(taken, others, messages));
            json.add("decision", Json.decision(taken, others));
            table.addAll(ProbeTable.samples(samples, messages));
            json.add("samples", Json.samples(samples));
        }
        if (has(probes, Verdict.Kind.USABLE)) {
            return Answer.success(json, table, List.of());
        }
        Exit none = Exit.of(FetchException.ofNoSource(what, probes));
        return Answer.failure(none, new JsonObject(), table);
    }

    private static boolean has(List<Probe> probes, Verdict.Kind kind) {
        return probes.stream().anyMatch(probe -> probe.verdict().kind() == kind);
    }
}

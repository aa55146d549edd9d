package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Probe;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.cli.screen.Agreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the sources list beside the one that would be taken. */
final class OtherListings {

    private OtherListings() {}

    /**
     * Of every other source that has said that it has the repository; without those whose list cannot be had, which the
     * probes explain.
     */
    static List<Listing> of(Modelfetch modelfetch, FetchRequest request, List<Probe> probes, Listing taken) {
        return probes.stream()
                .filter(probe -> probe.verdict().kind() == Verdict.Kind.USABLE)
                .map(Probe::source)
                .distinct()
                .filter(source -> !source.equals(taken.manifest().source()))
                .map(source ->
                        request.toBuilder().source(SourceChoice.only(source)).build())
                .flatMap(only -> listing(modelfetch, only).stream())
                .toList();
    }

    /** Empty if it cannot be had. */
    static Optional<Listing> listing(Modelfetch modelfetch, FetchRequest request) {
        try {
            return Optional.of(modelfetch.list(request));
        } catch (FetchException.Usage | FetchException.Cancelled e) {
            throw e;
        } catch (FetchException e) {
            return Optional.empty();
        }
    }

    /** The same listing, each file with everybody who has it as it is there. */
    static Listing merged(Listing taken, List<Listing> others, List<Probe> probes) {
        List<Listing.Row> rows = new ArrayList<>(taken.rows());
        for (Listing other : others) {
            String source = other.manifest().source();
            var shared = Agreement.shared(taken, other);
            rows.replaceAll(row -> shared.contains(row.file().path()) ? with(row, source) : row);
        }
        return new Listing(taken.manifest(), taken.identity(), taken.reason(), rows, probes);
    }

    private static Listing.Row with(Listing.Row row, String source) {
        if (row.sources().contains(source)) {
            return row;
        }
        List<String> sources = new ArrayList<>(row.sources());
        sources.add(source);
        return new Listing.Row(row.file(), sources);
    }
}

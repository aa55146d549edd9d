package dev.modelfetch.cli.screen;

import dev.modelfetch.Listing;
import dev.modelfetch.Probe;
import dev.modelfetch.Sample;
import java.util.ArrayList;
import java.util.List;

/** What every source answered, and how fast. */
public final class ProbeTable {

    private ProbeTable() {}

    /** Source, endpoint, route, verdict, time and detail of every probe; empty when there was none. */
    public static List<String> lines(List<Probe> probes, Messages messages) {
        if (probes.isEmpty()) {
            return List.of();
        }
        Table table = new Table(
                messages.say("column.source"),
                messages.say("column.endpoint"),
                messages.say("column.route"),
                messages.say("column.verdict"),
                messages.say("column.millis"),
                messages.say("column.detail"));
        for (Probe probe : probes) {
            table.row(
                    probe.source(),
                    probe.endpoint(),
                    probe.route(),
                    probe.verdict().kind().word(),
                    Long.toString(probe.millis()),
                    messages.clause(probe.verdict().detail()));
        }
        return table.lines();
    }

    /**
     * What a fetch would begin with and why, and how far others have the same.
     *
     * @param others what further sources list
     */
    public static List<String> decision(Listing taken, List<Listing> others, Messages messages) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(messages.say(
                "probe.takes", taken.manifest().source(), taken.manifest().commit(), messages.clause(taken.reason())));
        for (Listing other : others) {
            Agreement found = Agreement.of(taken, other);
            lines.add(messages.say(
                    "probe.agrees",
                    other.manifest().source(),
                    found.same(),
                    taken.rows().size(),
                    found.other(),
                    found.unknown(),
                    found.missing()));
        }
        return lines;
    }

    /** Which host sends the bytes of each source, and how soon. */
    public static List<String> samples(List<Sample> samples, Messages messages) {
        List<String> lines = new ArrayList<>();
        for (Sample sample : samples) {
            lines.add(
                    sample.failure().isPresent()
                            ? messages.say(
                                    "probe.no-bytes",
                                    sample.source(),
                                    sample.route(),
                                    messages.clause(sample.failure().get().detail()))
                            : messages.say(
                                    "probe.bytes",
                                    sample.source(),
                                    sample.host().orElse(sample.source()),
                                    sample.route(),
                                    Figures.bytes(sample.bytes()),
                                    sample.millis()));
        }
        return lines;
    }
}

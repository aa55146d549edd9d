package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import dev.modelfetch.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The few sentences worth keeping on the screen: which source and why, and with {@code -v} everything it turned on. */
final class Narrator {

    private final Messages messages;
    private final boolean verbose;
    /** The latest answer of each source: a race may be run again when nobody answered. */
    private final Map<String, Probe> probes = new LinkedHashMap<>();

    private boolean tableSaid;

    Narrator(Messages messages, boolean verbose) {
        this.messages = messages;
        this.verbose = verbose;
    }

    List<Line> after(FetchEvent event) {
        if (event instanceof FetchEvent.Probed e) {
            probes.put(e.probe().source(), e.probe());
            return verbose && tableSaid ? List.of(late(e.probe())) : List.of();
        } else if (event instanceof FetchEvent.Resolved e) {
            return resolved(e);
        } else if (event instanceof FetchEvent.SourceSwitched e && verbose) {
            return List.of(Line.of(messages.say("tell.switch", e.path(), e.from(), e.to(), e.reason())));
        } else if (event instanceof FetchEvent.Retrying e && verbose) {
            return List.of(
                    Line.of(messages.say("tell.retry", e.path(), e.source(), e.reason(), Figures.took(e.pause()))));
        } else if (event instanceof FetchEvent.Waiting e) {
            return List.of(Line.note(
                    messages.say("tell.waiting", String.join("; ", e.causes().values()))));
        } else if (event instanceof FetchEvent.Verified e && !e.ok()) {
            return List.of(Line.note(messages.say("tell.mismatch", e.path(), e.detail())));
        } else if (event instanceof FetchEvent.Failed && verbose && !tableSaid) {
            return table();
        }
        return List.of();
    }

    private List<Line> resolved(FetchEvent.Resolved e) {
        e.probes().forEach(probe -> probes.put(probe.source(), probe));
        List<Line> lines = new ArrayList<>(verbose ? table() : List.of());
        String source = e.manifest().source();
        String took = Optional.ofNullable(probes.get(source))
                .map(probe -> " (" + Figures.took(Duration.ofMillis(probe.millis())) + ")")
                .orElse("");
        lines.add(Line.of(messages.say(
                "tell.source",
                source + took,
                e.manifest().revision(),
                shortCommit(e.manifest().commit()),
                e.files(),
                Figures.bytes(e.bytes()),
                e.reason())));
        if (!e.manifest().complete()) {
            lines.add(Line.note(messages.say("tell.incomplete", source)));
        }
        if (e.identity() == Identity.UNPROVED) {
            lines.add(
                    Line.note(messages.say("tell.unproved", e.manifest().repo().id(), source)));
        }
        return lines;
    }

    private List<Line> table() {
        tableSaid = true;
        return ProbeTable.lines(List.copyOf(probes.values()), messages).stream()
                .map(Line::of)
                .toList();
    }

    private Line late(Probe probe) {
        return Line.of(messages.say(
                "tell.late",
                probe.source(),
                probe.verdict().kind().word(),
                probe.millis(),
                probe.verdict().detail()));
    }

    private static String shortCommit(String commit) {
        return commit.length() > 12 ? commit.substring(0, 12) : commit;
    }
}

package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The few sentences worth keeping on the screen: which source and why, and with {@code -v} everything it turned on. */
final class Narrator {

    private static final Duration NOTE_PAUSE = Duration.ofMinutes(1);

    /** What stands for a source where none was asked. */
    private static final String CACHE = "cache";

    private final Messages messages;
    private final boolean verbose;
    /** The latest answer of each source: a race may be run again when nobody answered. */
    private final Map<String, Probe> probes = new LinkedHashMap<>();

    /** Sources that have sent something since they were last left. */
    private final Set<String> joined = new HashSet<>();
    /** Sources of which it was said that they were left. */
    private final Set<String> told = new HashSet<>();

    private @Nullable Instant noted;
    private boolean tableSaid;

    Narrator(Messages messages, boolean verbose) {
        this.messages = messages;
        this.verbose = verbose;
    }

    List<Line> after(FetchEvent event) {
        if (event instanceof FetchEvent.Probed e) {
            probes.put(key(e.probe()), e.probe());
            return verbose && tableSaid ? List.of(late(e.probe())) : List.of();
        } else if (event instanceof FetchEvent.Resolved e) {
            return verbose || isFromElsewhere(e) ? resolved(e) : List.of();
        } else if (event instanceof FetchEvent.SourceSwitched e && verbose) {
            return List.of(Line.of(messages.say("tell.switch", e.path(), e.from(), e.to(), e.reason())));
        } else if (event instanceof FetchEvent.Retrying e && verbose) {
            return List.of(
                    Line.of(messages.say("tell.retry", e.path(), e.source(), e.reason(), Figures.took(e.pause()))));
        } else if (event instanceof FetchEvent.SourceJoined e) {
            joined.add(e.source());
            return verbose ? List.of(Line.of(messages.say("tell.joined", e.source(), e.host(), e.route()))) : List.of();
        } else if (event instanceof FetchEvent.SourceLeft e) {
            return verbose ? List.of(Line.of(messages.say("tell.left", e.source(), e.host(), e.reason()))) : left(e);
        } else if (event instanceof FetchEvent.Waiting e && !Wait.isForNetwork(e)) {
            return List.of(Line.note(
                    messages.say("tell.waiting", String.join("; ", e.causes().values()))));
        } else if (event instanceof FetchEvent.Verified e && !e.ok()) {
            return List.of(Line.note(messages.say("tell.mismatch", e.path(), e.detail())));
        } else if (event instanceof FetchEvent.Failed && verbose && !tableSaid) {
            return table();
        }
        return List.of();
    }

    /**
     * Sources come and go; worth a line is only that one which has delivered is left for the first time, and when many
     * are, the first of a minute stands for them.
     */
    private List<Line> left(FetchEvent.SourceLeft e) {
        boolean crowded = noted != null && Duration.between(noted, e.at()).abs().compareTo(NOTE_PAUSE) < 0;
        if (crowded || !joined.remove(e.source()) || !told.add(e.source())) {
            return List.of();
        }
        noted = e.at();
        return List.of(Line.note(messages.say("tell.left-note", e.source(), e.reason())));
    }

    /** That everything is here already is what the summary says. */
    private static boolean isFromElsewhere(FetchEvent.Resolved e) {
        return !e.manifest().source().equals(CACHE);
    }

    /** A source may be asked by several lines. */
    private static String key(Probe probe) {
        return probe.source() + " " + probe.route();
    }

    private List<Line> resolved(FetchEvent.Resolved e) {
        e.probes().forEach(probe -> probes.put(key(probe), probe));
        List<Line> lines = new ArrayList<>(verbose ? table() : List.of());
        String source = e.manifest().source();
        String took = probes.values().stream()
                .filter(probe ->
                        probe.source().equals(source) && probe.verdict().kind() == Verdict.Kind.USABLE)
                .findFirst()
                .map(probe -> " (" + Figures.took(Duration.ofMillis(probe.millis())) + ")")
                .orElse("");
        lines.add(Line.of(messages.say(
                "tell.source",
                source + took,
                e.manifest().revision(),
                shortCommit(e.manifest().commit()),
                Count.files(e.files(), messages),
                Figures.bytes(e.bytes()),
                messages.clause(e.reason()))));
        if (!isFromElsewhere(e)) {
            return lines;
        }
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
                messages.clause(probe.verdict().detail())));
    }

    private static String shortCommit(String commit) {
        return commit.length() > 12 ? commit.substring(0, 12) : commit;
    }
}

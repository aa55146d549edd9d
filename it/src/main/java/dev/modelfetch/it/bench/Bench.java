package dev.modelfetch.it.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures this program and its peers side by side: every scenario, every tool, one after the other, cold. The servers
 * run in this process, so their processor time is not in the figures, but shares the cores.
 */
public final class Bench {

    private final Settings settings;
    private final PrintStream out;
    private final Run run;
    private final Map<Peer, Honesty> field = new LinkedHashMap<>();

    private Bench(Settings settings, Run run, PrintStream out) {
        this.settings = settings;
        this.run = run;
        this.out = out;
    }

    /** Settings are system properties: {@code bench.scale}, {@code bench.only}, {@code bench.runs} and others. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Settings settings = Settings.fromSystem();
        Path work = Files.createTempDirectory(settings.work(), "modelfetch-bench");
        Run.removeAtExit(work);
        Toolbox tools = new Toolbox(settings.tools());
        Meter meter = new Meter(tools.find("time"));
        Bench bench = new Bench(settings, new Run(work, meter), System.out);
        bench.introduce(meter, Capacity.measure(tools.find("curl"), new Scenarios(settings.scale()).unlimited(), work));
        bench.invite(Peers.of(settings, tools, work.resolve("program")));
        bench.measure();
    }

    private void introduce(Meter meter, String capacity) {
        out.println("Machine: " + Machine.describe() + "; load " + Machine.load());
        out.println("Sizes: " + settings.scale() + " of the full ones; runs per figure: " + settings.runs()
                + "; CPU and memory by " + meter.described());
        out.println("Servers: in this process, on loopback; latency is a wait before each answer. " + capacity);
        out.println();
    }

    /** Everybody shows once that they can talk to a hub, and whether they notice a changed byte. */
    private void invite(List<Peer> peers) throws IOException, InterruptedException {
        for (Peer peer : peers) {
            if (peer.absent().isPresent()) {
                out.println("SKIPPED " + peer.name() + ": " + peer.absent().get());
                continue;
            }
            Honesty honesty = run.tryOut(peer);
            if (honesty.works()) {
                field.put(peer, honesty);
                out.println("%-24s %s".formatted(peer.name(), peer.version()));
            } else {
                out.println("SKIPPED " + peer.name() + " (" + peer.version() + "): cannot fetch from the hub: "
                        + honesty.remark());
            }
        }
        out.println();
        out.println("line: share of what the lines of a scenario carry together. verified: failed, as it should, on a "
                + "file with one byte changed.");
        out.println("sent/size: body bytes the servers sent, by what was missing. to best peer: wall time by that of "
                + "the quickest peer that was right (in e: CPU by that of curl + sha256sum).");
        out.println();
    }

    private void measure() throws IOException, InterruptedException {
        for (Scenario scenario : new Scenarios(settings.scale()).all()) {
            if (settings.wants(scenario)) {
                out.println("(" + scenario.letter() + ") " + scenario.title() + "  [load " + Machine.load() + "]");
                new Report(scenario, outcomes(scenario), field).print(out);
            }
        }
    }

    private List<Outcome> outcomes(Scenario scenario) throws IOException, InterruptedException {
        Map<Peer, List<Outcome>> all = new LinkedHashMap<>();
        for (int i = 0; i < settings.runs(); i++) {
            for (Peer peer : field.keySet()) {
                if (peer.unfit(scenario).isEmpty()) {
                    Outcome outcome = run.of(peer, scenario);
                    all.computeIfAbsent(peer, key -> new ArrayList<>()).add(outcome);
                    // A table may take a quarter of an hour to fill.
                    System.err.printf(
                            Locale.ROOT, "(%s) %s: %.1f s%n", scenario.letter(), peer.name(), outcome.seconds());
                } else if (i == 0) {
                    out.println("  " + peer.name() + ": not here, "
                            + peer.unfit(scenario).get());
                }
            }
        }
        return all.values().stream().map(Bench::median).toList();
    }

    // A failure is not averaged away.
    private static Outcome median(List<Outcome> runs) {
        return runs.stream()
                .filter(outcome -> !outcome.good())
                .findFirst()
                .orElseGet(() -> runs.stream()
                        .sorted(Comparator.comparingDouble(Outcome::seconds))
                        .toList()
                        .get(runs.size() / 2));
    }
}

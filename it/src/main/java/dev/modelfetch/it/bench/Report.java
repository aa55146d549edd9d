package dev.modelfetch.it.bench;

import dev.modelfetch.it.bench.Scenario.Act;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What came out of one scenario, in words and numbers. */
final class Report {

    private static final double GIB = 1 << 30;
    private static final double MIB = 1 << 20;
    // With less, the figure would only tell how long a program takes to start.
    private static final long ENOUGH_FOR_A_RATE = 32 << 20;

    private final Scenario scenario;
    private final List<Outcome> outcomes;
    private final Map<Peer, Honesty> honesty;

    /** @param outcomes ours first */
    Report(Scenario scenario, List<Outcome> outcomes, Map<Peer, Honesty> honesty) {
        this.scenario = scenario;
        this.outcomes = List.copyOf(outcomes);
        this.honesty = honesty;
    }

    void print(PrintStream out) {
        Table table = new Table(
                "tool",
                "wall s",
                "line",
                "CPU s",
                "CPU s/GiB",
                "peak MiB",
                "verified",
                "sent/size",
                "to best peer",
                "");
        for (Outcome outcome : outcomes) {
            Cost cost = outcome.cost();
            table.row(
                    outcome.peer().name(),
                    number("%.2f", outcome.seconds()),
                    scenario.limit() == 0 || !outcome.good() ? "-" : number("%.0f %%", 100 * share(outcome)),
                    cost.cpu().isNegative() ? "-" : number("%.2f", outcome.cpuSeconds()),
                    cost.cpu().isNegative() || scenario.due() < ENOUGH_FOR_A_RATE
                            ? "-"
                            : number("%.2f", outcome.cpuSeconds() / (scenario.due() / GIB)),
                    cost.peak() < 0 ? "-" : number("%.0f", cost.peak() / MIB),
                    verified(outcome.peer()),
                    scenario.due() == 0 ? "-" : number("%.2f", outcome.sent() / (double) scenario.due()),
                    best().filter(peer -> outcome.good())
                            .map(peer -> number("%.2fx", weight(outcome) / weight(peer)))
                            .orElse("-"),
                    remark(outcome));
        }
        table.print(out);
        aims().forEach(aim -> out.println("  " + aim));
        out.println();
    }

    private List<String> aims() {
        Outcome ours = outcomes.get(0);
        if (!ours.good()) {
            return List.of("missed: ours did not finish");
        }
        return switch (scenario.letter()) {
            case "a" -> List.of(reaches(ours, 0.95), ahead(ours));
            case "b" -> List.of(reaches(ours, 0.90), ahead(ours));
            case "e" -> List.of(within(ours, 1.3));
            default -> List.of(ahead(ours));
        };
    }

    private String reaches(Outcome ours, double aim) {
        return number("%s: %.1f %% of the line, aim %.0f %%", word(share(ours) >= aim), 100 * share(ours), 100 * aim);
    }

    private String ahead(Outcome ours) {
        return best().map(peer -> number(
                        "%s: %.2f times the time of the best peer (%s), aim below 1",
                        word(weight(ours) < weight(peer)),
                        weight(ours) / weight(peer),
                        peer.peer().name()))
                .orElse("open: no peer finished");
    }

    private String within(Outcome ours, double aim) {
        return best().map(peer -> number(
                        "%s: %.2f times the CPU of %s, aim %.1f",
                        word(weight(ours) <= aim * weight(peer)),
                        weight(ours) / weight(peer),
                        peer.peer().name(),
                        aim))
                .orElse("open: curl + sha256sum did not run");
    }

    /** The peer to be compared with: the quickest that was right, or where processor time counts, curl that checks. */
    private Optional<Outcome> best() {
        return outcomes.stream()
                .skip(1)
                .filter(Outcome::good)
                .filter(outcome ->
                        scenario.act() != Act.BURN || outcome.peer().name().equals(Curl.CHECKED))
                .min(Comparator.comparingDouble(this::weight));
    }

    private double weight(Outcome outcome) {
        return scenario.act() == Act.BURN ? outcome.cpuSeconds() : outcome.seconds();
    }

    private double share(Outcome outcome) {
        return scenario.due() / outcome.seconds() / scenario.limit();
    }

    private String verified(Peer peer) {
        Honesty trial = honesty.get(peer);
        return trial == null ? "?" : trial.verifies() ? "yes" : "no";
    }

    private static String remark(Outcome outcome) {
        String failed =
                outcome.cost().status() == 0 ? "" : "exit " + outcome.cost().status() + ": ";
        String wrong = outcome.missing() == 0 ? "" : outcome.missing() + " files missing or wrong. ";
        return (wrong + failed + outcome.remark()).strip();
    }

    private static String word(boolean met) {
        return met ? "met" : "missed";
    }

    private static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

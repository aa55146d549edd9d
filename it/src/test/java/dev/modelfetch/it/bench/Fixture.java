package dev.modelfetch.it.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A tool and figures to make reports of. */
record Fixture(String name) implements Peer {

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Optional<String> absent() {
        return Optional.empty();
    }

    @Override
    public Hub hub(Scenario scenario) {
        return scenario.forPlainTools();
    }

    @Override
    public Command prepare(Errand errand) throws IOException {
        return new Command(List.of("true"), Map.of(), errand.home());
    }

    Outcome took(double seconds, double cpu) {
        Cost cost = new Cost(Duration.ofMillis((long) (seconds * 1000)), Duration.ofMillis((long) (cpu * 1000)), 1, 0);
        return new Outcome(this, cost, 0, 0, "");
    }

    Outcome failedAfter(double seconds) {
        Cost cost = new Cost(Duration.ofMillis((long) (seconds * 1000)), Duration.ZERO, 1, 7);
        return new Outcome(this, cost, 0, 0, "no route");
    }
}

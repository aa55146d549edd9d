package dev.modelfetch.it.bench;

import dev.modelfetch.it.bench.Scenario.Act;
import java.io.IOException;
import java.util.Optional;

/**
 * aria2 with a ready list of addresses and 32 connections altogether, as somebody would choose who knows what is coming:
 * eight connections for each of four large files, or sixteen small files at a time.
 *
 * @param program path, empty when absent
 * @param checksums whether the list says what the bytes must hash to
 * @param patient whether it tries again for ever, as somebody would let it who expects outages
 */
record Aria2(Optional<String> program, boolean checksums, boolean patient) implements Peer {

    private static final int MANY = 100;

    @Override
    public String name() {
        return "aria2c" + (checksums ? ", checksums" : "") + (patient ? ", patient" : "");
    }

    @Override
    public String version() {
        return program.map(file -> Toolbox.firstLine(file, "--version")).orElse("");
    }

    @Override
    public Optional<String> absent() {
        return program.isPresent() ? Optional.empty() : Optional.of("no aria2c on the path");
    }

    @Override
    public Optional<String> unfit(Scenario scenario) {
        boolean outage = scenario.act() == Act.OUTAGE;
        return outage == patient
                ? Optional.empty()
                : Optional.of(outage ? "its patient form stands for it" : "it is for outages only");
    }

    @Override
    public Hub hub(Scenario scenario) {
        return scenario.forPlainTools();
    }

    @Override
    public Command prepare(Errand errand) throws IOException {
        StringBuilder list = new StringBuilder();
        for (Wanted file : errand.files()) {
            list.append(file.address()).append("\n  out=").append(file.path()).append('\n');
            if (checksums) {
                list.append("  checksum=sha-256=").append(file.sha256()).append('\n');
            }
        }
        errand.write("list.txt", list.toString());
        return Command.of(
                errand.home(),
                program.orElseThrow(),
                "--no-conf",
                "-c",
                "-x8",
                "-s8",
                "-k1M",
                errand.files().size() > MANY ? "-j16" : "-j4",
                "--file-allocation=none",
                patient ? "--max-tries=0" : "--max-tries=5",
                patient ? "--retry-wait=5" : "--retry-wait=0",
                "--console-log-level=warn",
                "--summary-interval=0",
                "--dir=files",
                "--input-file=list.txt");
    }
}

package dev.modelfetch.it.bench;

import dev.modelfetch.it.bench.Scenario.Act;
import java.io.IOException;
import java.util.Optional;

/**
 * curl with a ready list of addresses, eight files at a time, one connection each.
 *
 * @param program path, empty when absent
 * @param sums path of {@code sha256sum}, empty when absent
 * @param checked whether the files are checked afterwards
 */
record Curl(Optional<String> program, Optional<String> sums, boolean checked) implements Peer {

    static final String CHECKED = "curl + sha256sum";

    private static final String SCRIPT = "\"$CURL\" -K list.txt && \"$SUMS\" --quiet -c sums.txt";

    @Override
    public String name() {
        return checked ? CHECKED : "curl";
    }

    @Override
    public String version() {
        return program.map(file -> Toolbox.firstLine(file, "--version"))
                .orElse("")
                .replaceAll(" \\(.*", "");
    }

    @Override
    public Optional<String> absent() {
        if (checked && sums.isEmpty()) {
            return Optional.of("no sha256sum on the path");
        }
        return program.isPresent() ? Optional.empty() : Optional.of("no curl on the path");
    }

    @Override
    public Optional<String> unfit(Scenario scenario) {
        if (scenario.act() == Act.REPEAT) {
            return Optional.of("it ends with an error when a file is complete");
        }
        return checked && scenario.act() != Act.BURN
                ? Optional.of("curl alone stands for it where the line is the limit")
                : Optional.empty();
    }

    @Override
    public Hub hub(Scenario scenario) {
        return scenario.forPlainTools();
    }

    @Override
    public Command prepare(Errand errand) throws IOException {
        StringBuilder list = new StringBuilder(
                "silent\nshow-error\nfail\nlocation\nparallel\nparallel-max = 8\ncreate-dirs\ncontinue-at = \"-\"\n");
        StringBuilder known = new StringBuilder();
        for (Wanted file : errand.files()) {
            list.append("url = \"").append(file.address()).append("\"\n");
            list.append("output = \"files/").append(file.path()).append("\"\n");
            known.append(file.sha256()).append("  files/").append(file.path()).append('\n');
        }
        errand.write("list.txt", list.toString());
        errand.write("sums.txt", known.toString());
        return checked
                ? Command.of(errand.home(), "/bin/sh", "-c", SCRIPT)
                        .with("CURL", program.orElseThrow())
                        .with("SUMS", sums.orElseThrow())
                : Command.of(errand.home(), program.orElseThrow(), "-K", "list.txt");
    }
}

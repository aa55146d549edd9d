package dev.modelfetch.it.bench;

import dev.modelfetch.it.bench.Scenario.Act;
import java.io.IOException;
import java.util.Optional;

/**
 * The way of the shell script that is popular with users of mirrors (mirrors.md 2): metadata with curl, then aria2 with
 * four connections for a file and five files at a time, no checksums.
 *
 * @param aria2 path, empty when absent
 * @param curl path, empty when absent
 * @param loops whether it is started again until it succeeds, five seconds later
 */
record HfdStyle(Optional<String> aria2, Optional<String> curl, boolean loops) implements Peer {

    private static final String SCRIPT = """
            set -e
            "$CURL" -fsSL "$HUB/api/$KIND/$REPO" -o metadata.json
            grep -o '"rfilename": *"[^"]*"' metadata.json | sed 's/.*: *"//; s/"$//' | while read -r name; do
                printf '%s\\n  dir=files\\n  out=%s\\n' "$HUB/$PREFIX$REPO/resolve/main/$name" "$name"
            done > list.txt
            until "$ARIA2" --no-conf --console-log-level=error --summary-interval=0 --file-allocation=none \\
                -x 4 -s 4 -k 1M -j 5 -c -i list.txt
            do
                test -n "$PAUSE"
                sleep "$PAUSE"
            done
            """;

    @Override
    public String name() {
        return loops ? "hfd style, in a loop" : "hfd style (aria2c -x4)";
    }

    @Override
    public String version() {
        return "shell, curl and aria2c as in hfd.sh";
    }

    @Override
    public Optional<String> absent() {
        return aria2.isPresent() && curl.isPresent() ? Optional.empty() : Optional.of("needs aria2c and curl");
    }

    @Override
    public Optional<String> unfit(Scenario scenario) {
        boolean outage = scenario.act() == Act.OUTAGE;
        return outage == loops
                ? Optional.empty()
                : Optional.of(outage ? "its loop stands for it" : "it is for outages only");
    }

    @Override
    public Hub hub(Scenario scenario) {
        return scenario.forHubTools();
    }

    @Override
    public Command prepare(Errand errand) throws IOException {
        errand.write("hfd.sh", SCRIPT);
        return Command.of(errand.home(), "/bin/sh", "hfd.sh")
                .with("ARIA2", aria2.orElseThrow())
                .with("CURL", curl.orElseThrow())
                .with("PAUSE", loops ? "5" : "")
                .with("HUB", errand.endpoint())
                .with("REPO", errand.repository().id())
                .with("KIND", errand.repository().type().plural())
                .with("PREFIX", errand.dataset() ? "datasets/" : "");
    }
}

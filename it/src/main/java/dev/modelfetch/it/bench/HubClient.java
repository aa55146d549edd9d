package dev.modelfetch.it.bench;

import java.io.IOException;
import java.util.Optional;

/**
 * The Hub's own client, {@code hf download}, over plain HTTP into a cache of its own.
 *
 * @param program path, empty when absent
 */
record HubClient(Optional<String> program) implements Peer {

    @Override
    public String name() {
        return "hf download";
    }

    @Override
    public String version() {
        return Python.packages(program, "huggingface_hub");
    }

    @Override
    public Optional<String> absent() {
        return program.isPresent() ? Optional.empty() : Optional.of("no hf (huggingface_hub) on the path");
    }

    @Override
    public Hub hub(Scenario scenario) {
        return scenario.forHubTools();
    }

    @Override
    public Command prepare(Errand errand) throws IOException {
        String type = errand.repository().type().word();
        return Command.of(
                        errand.home(),
                        program.orElseThrow(),
                        "download",
                        "--repo-type",
                        type,
                        errand.repository().id())
                .with("HF_ENDPOINT", errand.endpoint())
                .with("HF_HOME", errand.directory("huggingface").toString())
                .with("HF_HUB_DISABLE_XET", "1")
                .with("HF_HUB_DISABLE_TELEMETRY", "1")
                .with("HF_HUB_DISABLE_UPDATE_CHECK", "1");
    }
}

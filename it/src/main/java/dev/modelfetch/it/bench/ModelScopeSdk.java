package dev.modelfetch.it.bench;

import java.io.IOException;
import java.util.Optional;

/**
 * ModelScope's own client, {@code modelscope download}.
 *
 * @param program path, empty when absent
 */
record ModelScopeSdk(Optional<String> program) implements Peer {

    @Override
    public String name() {
        return "modelscope download";
    }

    @Override
    public String version() {
        return Python.packages(program, "modelscope", "modelscope-hub");
    }

    @Override
    public Optional<String> absent() {
        return program.isPresent() ? Optional.empty() : Optional.of("no modelscope on the path");
    }

    @Override
    public Optional<String> unfit(Scenario scenario) {
        return scenario.lines().containsKey(Hub.MODEL_SCOPE)
                ? Optional.empty()
                : Optional.of("ModelScope is not there");
    }

    @Override
    public Hub hub(Scenario scenario) {
        return Hub.MODEL_SCOPE;
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
                .with("MODELSCOPE_ENDPOINT", errand.endpoint())
                .with("MODELSCOPE_DOMAIN", errand.endpoint())
                .with("MODELSCOPE_CACHE", errand.directory("modelscope").toString())
                .with("MODELSCOPE_HOME", errand.directory("modelscope-home").toString())
                // Otherwise it asks the service in which of its regions this machine is.
                .with("MODELSCOPE_DOWNLOAD_INTRA_CLOUD", "false")
                .with("INTRA_CLOUD_ACCELERATION", "false");
    }
}

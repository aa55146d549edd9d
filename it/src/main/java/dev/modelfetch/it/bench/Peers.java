package dev.modelfetch.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who takes part, in the order of the tables. */
final class Peers {

    private Peers() {}

    /** @param program where the copy of the program under test goes */
    static List<Peer> of(Settings settings, Toolbox tools, Path program) throws IOException {
        Optional<String> aria2 = tools.find("aria2c");
        Optional<String> curl = tools.find("curl");
        Optional<String> sums = tools.find("sha256sum");
        Ourselves ourselves = Ourselves.install(settings.launcher(), program);
        List<Peer> peers = List.of(
                new Aria2(aria2, false, false),
                new Aria2(aria2, true, false),
                new Aria2(aria2, false, true),
                new HfdStyle(aria2, curl, false),
                new HfdStyle(aria2, curl, true),
                new HubClient(tools.find("hf")),
                new ModelScopeSdk(tools.find("modelscope")),
                new Curl(curl, sums, false),
                new Curl(curl, sums, true),
                new GitLfs(tools.find("git"), tools.find("git-lfs")));
        return Stream.concat(Stream.<Peer>of(ourselves), peers.stream().filter(settings::wants))
                .toList();
    }
}

package dev.modelfetch.it.bench;

import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Outage;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The hubs of one scenario, set up for one tool. */
final class Stage implements AutoCloseable {

    private static final List<String> HUBS = List.of("huggingface", "mirror", "modelscope");

    private static final Set<Integer> REFUSALS = Set.of(403, 429, 503);

    private final Scenario scenario;
    private final Hub hub;
    private final MiniHubs hubs;
    private final List<Wanted> files;
    private final LfsServer objects;

    private Stage(Scenario scenario, Hub hub, MiniHubs hubs) throws IOException {
        this.scenario = scenario;
        this.hub = hub;
        this.hubs = hubs;
        String endpoint = hub.in(hubs).endpoint();
        this.files = scenario.repository().head().files().values().stream()
                .map(file -> wanted(file, endpoint))
                .toList();
        this.objects = LfsServer.start(files);
    }

    /** Starts the hubs, not yet slowed down. */
    static Stage open(Scenario scenario, Peer peer) throws IOException {
        Repository repository = scenario.repository();
        MiniHubs hubs = MiniHubs.start(List.of(repository), List.of(repository.at("modelscope")));
        Stage stage = new Stage(scenario, peer.hub(scenario), hubs);
        for (Hub other : Hub.values()) {
            if (scenario.mute().filter(mute -> mute == other).isPresent()) {
                stage.silence(other.in(hubs));
            } else if (scenario.alone() ? other != stage.hub : !scenario.lines().containsKey(other)) {
                other.in(hubs).close();
            }
        }
        return stage;
    }

    /** From now on the lines are as the scenario has them. */
    void shape() {
        scenario.lines().forEach((name, line) -> line.shape(name.in(hubs)));
    }

    /** From now on every large file arrives with one byte changed. */
    void corrupt() {
        for (Wanted file : files) {
            Fault flip = Fault.flip(file.path(), file.size() / 2);
            hub.in(hubs).faults().add(flip);
            hub.in(hubs).dataFaults().add(flip);
        }
    }

    /** Nobody listens at the hub of this tool any more, and who was connected is reset. */
    void leave() {
        hub.in(hubs).away(Outage.refused());
    }

    void comeBack() {
        hub.in(hubs).back();
    }

    Errand errand(Path home) {
        return new Errand(
                scenario.repository(), hub.in(hubs).endpoint(), hubs.endpoints(), files, objects.endpoint(), home);
    }

    List<Wanted> files() {
        return files;
    }

    /** Body bytes sent so far by all hubs, API answers included. */
    long sent() {
        return HUBS.stream().mapToLong(this::sentBy).sum();
    }

    /** Where the bytes came from, as {@code mirror 30 %, modelscope 70 %}; empty where there is only one hub. */
    String origins() {
        double all = Math.max(1, sent());
        return scenario.alone()
                ? ""
                : HUBS.stream()
                        .filter(name -> sentBy(name) > all / 100)
                        .map(name -> name + " " + Math.round(100 * sentBy(name) / all) + " %")
                        .collect(Collectors.joining(", "));
    }

    /** How many requests were answered with a refusal because too many others were being answered. */
    long refused() {
        return hubs.ledger().visits().stream()
                .filter(visit -> REFUSALS.contains(visit.status()))
                .count();
    }

    private long sentBy(String name) {
        return hubs.ledger().bytesSentBy(name) + hubs.ledger().bytesSentBy(name + "-data");
    }

    @Override
    public void close() {
        hubs.close();
        objects.close();
    }

    private void silence(MiniHub<?> mute) {
        mute.faults().add(Fault.blackHole());
        mute.dataFaults().add(Fault.blackHole());
    }

    private Wanted wanted(StoredFile file, String endpoint) {
        return new Wanted(
                file.path(),
                hub.address(endpoint, scenario.repository(), file.path()),
                file.content().size(),
                file.content().sha256());
    }
}

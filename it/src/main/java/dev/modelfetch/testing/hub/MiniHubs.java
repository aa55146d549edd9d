package dev.modelfetch.testing.hub;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hugging Face, a mirror of it and ModelScope in miniature, each with a data host of its own, on free loopback ports.
 *
 * <pre>{@code
 * try (MiniHubs hubs = MiniHubs.start(TinyModel.repository())) {
 *     hubs.huggingFace().faults().add(Fault.blackHole());
 *     hubs.mirror().dataFaults().add(Fault.resetAfter(1_000_000).times(2));
 *     // ... fetch, with hubs.endpoints() ...
 *     assertThat(hubs.ledger().bytesSent("model.safetensors")).isEqualTo(size);
 * }
 * }</pre>
 *
 * <p>In the ledger the servers are called {@code huggingface}, {@code mirror} and {@code modelscope}, their data hosts
 * the same with {@code -data}.
 */
public final class MiniHubs implements AutoCloseable {

    private final Ledger ledger = new Ledger();
    private final MiniHub<HubFace> huggingFace;
    private final MiniHub<MirrorFace> mirror;
    private final MiniHub<ModelScopeFace> modelScope;

    private final List<MiniHub<?>> more = new CopyOnWriteArrayList<>();

    private MiniHubs(List<Repository> hub, List<Repository> elsewhere) {
        huggingFace = hub("huggingface", hub, HubFace::new);
        String origin = huggingFace.endpoint();
        mirror = hub(
                "mirror",
                hub,
                (catalogue, endpoint, data) ->
                        new MirrorFace(new HubFace(catalogue, endpoint, data), endpoint, origin));
        modelScope = hub("modelscope", elsewhere, (catalogue, endpoint, data) -> new ModelScopeFace(catalogue, data));
    }

    /** All three hold these; ModelScope has them under commits of its own and with a {@code configuration.json} more. */
    public static MiniHubs start(Repository... repositories) {
        List<Repository> copies = Arrays.stream(repositories)
                .map(repository -> repository
                        .at("modelscope")
                        .file("configuration.json", "{\"framework\":\"pytorch\",\"task\":\"text-generation\"}\n"))
                .toList();
        return start(List.of(repositories), copies);
    }

    /** The Hub and its mirror hold one set, ModelScope another. */
    public static MiniHubs start(List<Repository> hub, List<Repository> modelScope) {
        return new MiniHubs(hub, modelScope);
    }

    public MiniHub<HubFace> huggingFace() {
        return huggingFace;
    }

    public MiniHub<MirrorFace> mirror() {
        return mirror;
    }

    public MiniHub<ModelScopeFace> modelScope() {
        return modelScope;
    }

    /** Starts a web server with plain directories, for the sample source; {@code tree} in the ledger. */
    public MiniHub<TreeFace> tree(Repository... repositories) {
        MiniHub<TreeFace> tree =
                hub("tree", List.of(repositories), (catalogue, endpoint, data) -> new TreeFace(catalogue));
        more.add(tree);
        return tree;
    }

    /** What all of them saw. */
    public Ledger ledger() {
        return ledger;
    }

    /** Base addresses by source id, in the order of preference. */
    public Map<String, String> endpoints() {
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put("huggingface", huggingFace.endpoint());
        endpoints.put("mirror", mirror.endpoint());
        endpoints.put("modelscope", modelScope.endpoint());
        return endpoints;
    }

    @Override
    public void close() {
        huggingFace.close();
        mirror.close();
        modelScope.close();
        more.forEach(MiniHub::close);
    }

    private interface Maker<F> {
        F make(Catalogue catalogue, String endpoint, DataHost data);
    }

    private <F extends Face> MiniHub<F> hub(String name, List<Repository> repositories, Maker<F> maker) {
        Catalogue catalogue = new Catalogue();
        repositories.forEach(catalogue::put);
        LoopbackServer storage = new LoopbackServer(name + "-data", ledger);
        DataHost data = new DataHost(storage.endpoint());
        storage.serve(data);
        LoopbackServer server = new LoopbackServer(name, ledger);
        F face = maker.make(catalogue, server.endpoint(), data);
        server.serve(face);
        return new MiniHub<>(server, storage, face, data, catalogue);
    }
}

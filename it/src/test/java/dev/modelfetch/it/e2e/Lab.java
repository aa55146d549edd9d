package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Plan;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.testing.hub.Ledger;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Three fresh hubs and an empty home for every test; the product in this process, or as a process of its own. */
public final class Lab implements BeforeEachCallback, AfterEachCallback {

    private final Supplier<MiniHubs> start;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable MiniHubs hubs;
    private @Nullable Path home;
    private @Nullable Recorder events;

    private Lab(Supplier<MiniHubs> start) {
        this.start = start;
    }

    /** All three hubs hold these. */
    public static Lab of(Repository... repositories) {
        return new Lab(() -> MiniHubs.start(repositories));
    }

    /** The Hub and its mirror hold one set, ModelScope another. */
    public static Lab of(List<Repository> hub, List<Repository> modelScope) {
        return new Lab(() -> MiniHubs.start(hub, modelScope));
    }

    /** A variable for jobs in this process and for the program. */
    Lab with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        hubs = start.get();
        home = Files.createTempDirectory("modelfetch-e2e");
        events = new Recorder();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        hubs().close();
        try (Stream<Path> files = Files.walk(home())) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        assertThat(ledger().failures()).isEmpty();
    }

    public MiniHubs hubs() {
        return present(hubs);
    }

    public Ledger ledger() {
        return hubs().ledger();
    }

    public Path home() {
        return present(home);
    }

    /** Root of the default hub cache. */
    public Path cache() {
        return home().resolve("huggingface/hub");
    }

    /** What the jobs in this process said. */
    Recorder events() {
        return present(events);
    }

    /** The product with everything that belongs to this lab; the caller closes it. */
    public Modelfetch open() {
        return builder().build();
    }

    Modelfetch.Builder builder() {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.put("HOME", home().toString());
        variables.put("HF_HOME", home().resolve("huggingface").toString());
        variables.put("XDG_CONFIG_HOME", home().resolve("config").toString());
        Modelfetch.Builder builder = Modelfetch.builder().environment(variables);
        hubs().endpoints().forEach(builder::endpoint);
        return builder;
    }

    /** Fetches in this process. */
    Snapshot fetch(String address, UnaryOperator<FetchRequest.Builder> how) {
        try (Modelfetch modelfetch = open()) {
            return modelfetch.fetch(how.apply(modelfetch.request(address)).build(), events());
        }
    }

    Snapshot fetch(String address) {
        return fetch(address, request -> request);
    }

    Snapshot fetch(String address, String source) {
        return fetch(address, from(source));
    }

    Plan plan(String address, UnaryOperator<FetchRequest.Builder> how) {
        try (Modelfetch modelfetch = open()) {
            return modelfetch.plan(how.apply(modelfetch.request(address)).build(), events());
        }
    }

    /** Fetches in this process and returns why that failed. */
    <E extends FetchException> E failure(Class<E> kind, String address, UnaryOperator<FetchRequest.Builder> how) {
        E failure = Assertions.catchThrowableOfType(kind, () -> fetch(address, how));
        assertThat(failure).as("failure of %s", address).isNotNull();
        return failure;
    }

    <E extends FetchException> E failure(Class<E> kind, String address) {
        return failure(kind, address, request -> request);
    }

    static UnaryOperator<FetchRequest.Builder> from(String... sources) {
        return request -> request.source(SourceChoice.only(sources));
    }

    /** The same, without waiting for anything that may pass. */
    static UnaryOperator<FetchRequest.Builder> impatiently(UnaryOperator<FetchRequest.Builder> how) {
        return request -> how.apply(request).patience(Duration.ZERO);
    }

    /** The program, with this lab's home, hubs and variables. */
    public Program program() {
        return away().at(hubs().endpoints());
    }

    /** The program, without being told where the hubs are. */
    Program away() {
        Program program = new Program(home());
        environment.forEach(program::with);
        return program;
    }

    /** What a run keeps for itself, whatever comes of it. */
    private static final String MEMORY = "modelfetch/sources.json";

    /** Everything below the home that a job may have left, relative to it. */
    List<String> filesAtHome() throws IOException {
        try (Stream<Path> files = Files.walk(home())) {
            return files.filter(Files::isRegularFile)
                    .map(path -> home().relativize(path).toString())
                    .filter(path -> !path.endsWith(MEMORY))
                    .sorted()
                    .toList();
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("only within a test");
        }
        return value;
    }
}

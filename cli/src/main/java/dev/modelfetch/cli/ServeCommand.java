package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.Cache;
import dev.modelfetch.Depot;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.FetchException;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.cli.screen.Line;
import dev.modelfetch.cli.screen.Messages;
import dev.modelfetch.serve.Accounts;
import dev.modelfetch.serve.Box;
import dev.modelfetch.serve.BoxOptions;
import dev.modelfetch.serve.Policy;
import dev.modelfetch.serve.door.Certificate;
import dev.modelfetch.serve.door.Door;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** {@code fetch serve}: an endpoint for every Hugging Face tool, in front of all sources, until it is told to end. */
final class ServeCommand implements Command {

    /** For those who are reading when it is to end. */
    private static final Duration LAST_READERS = Duration.ofSeconds(30);

    /** What is kept free of a disk where nobody has said how much. */
    private static final int KEPT_FREE_PERCENT = 5;

    private final Surroundings around;
    private final SourceOptions sources = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    private Listener listen = Listener.USUAL;
    private @Nullable PublicUrl publicUrl;
    private @Nullable Path cacheDir;
    private boolean offline;
    private boolean strict;
    private @Nullable Rate limitRate;
    private @Nullable Amount cacheSize;
    private @Nullable Reserve keepFree;
    private @Nullable Path policy;
    private @Nullable Path accounts;
    private @Nullable Path audit;
    private boolean cors;
    private @Nullable Path tlsCert;
    private @Nullable Path tlsKey;

    ServeCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.value("--listen", "ADDR:PORT", Listener::parse, said -> listen = said);
        options.value("--public-url", "URL", PublicUrl::parse, said -> publicUrl = said);
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
        options.value("--cache-size", "SIZE", Amount::parse, said -> cacheSize = said);
        options.value("--keep-free", "SIZE|PERCENT", Reserve::parse, said -> keepFree = said);
        options.path("--policy", "FILE", said -> policy = said);
        options.path("--accounts", "FILE", said -> accounts = said);
        options.path("--audit", "FILE", said -> audit = said);
        options.flag("--cors", said -> cors = said);
        options.path("--tls-cert", "FILE", said -> tlsCert = said);
        options.path("--tls-key", "FILE", said -> tlsKey = said);
        options.flag("--strict", said -> strict = said);
        options.flag("--offline", said -> offline = said);
        options.value("--limit-rate", "RATE", Rate::parse, said -> limitRate = said);
        sources.declareOfService(options);
        output.declareBrief(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) throws InterruptedException {
        try (Modelfetch modelfetch = around.open().apply(setup())) {
            if (limitRate != null) {
                modelfetch.limitRate(limitRate.bytesPerSecond());
            }
            Box.Meter meter = new Box.Meter();
            Policy rules = policy == null ? Policy.NONE : Policy.read(policy);
            try (Depot depot = modelfetch.depot(
                    depotOptions(session, meter, rules, modelfetch.cache().root()))) {
                serve(session, modelfetch.cache(), depot, meter, rules);
            }
        }
        return Answer.success(new JsonObject(), List.of(), List.of());
    }

    /** Nobody is served by a token of the operator's: callers have their own. */
    private Setup setup() {
        Setup setup = sources.setup(around.console(), cacheDir);
        Map<String, String> environment = new HashMap<>(setup.environment());
        List.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_MIRROR_TOKEN", "MODELSCOPE_API_TOKEN")
                .forEach(environment::remove);
        environment.put("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
        environment.put("MODELFETCH_NO_STORED_TOKENS", "1");
        // In a shell whose programs are to ask this service, it would ask itself.
        String endpoint = environment.getOrDefault("HF_ENDPOINT", "").replaceAll("/+$", "");
        if (endpoint.equals(listen.url()) || (publicUrl != null && endpoint.equals(publicUrl.text()))) {
            environment.remove("HF_ENDPOINT");
        }
        return new Setup(
                setup.endpoints(),
                setup.tokens(),
                setup.tokenFiles(),
                setup.proxies(),
                setup.proxyPolicy(),
                setup.cacheDirectory(),
                setup.caBundle(),
                environment);
    }

    private DepotOptions depotOptions(Session session, Box.Meter meter, Policy rules, Path root) {
        DepotOptions.Builder options = DepotOptions.builder()
                .source(sources.choice == null ? SourceChoice.auto() : sources.choice)
                .offline(offline || session.offline())
                .strict(strict)
                .everythingIsPublic(sources.isPublic)
                // Behind a web server everybody comes from this machine.
                .trustsCallers(listen.isLoopback() && publicUrl == null && accounts == null)
                .kept(rules::keeps)
                .remembersCallers(rules.remembersCallers())
                .listener(meter.listener());
        limit().ifPresent(options::cacheSize);
        keptFree().ifPresent(reserve -> options.keepFree(reserve.of(diskOf(root))));
        return options.build();
    }

    private static long diskOf(Path folder) {
        for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
            try {
                return Files.getFileStore(at).getTotalSpace();
            } catch (IOException notThereYet) {
                // What is above it will do.
            }
        }
        return 0;
    }

    private void serve(Session session, Cache cache, Depot depot, Box.Meter meter, Policy rules)
            throws InterruptedException {
        AtomicBoolean closing = new AtomicBoolean();
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        InetSocketAddress at = listen.address();
        // Known only once the port is: a page that names another one would be of no use.
        try (Door door =
                Door.open(at, certificate(), address -> box(cache, depot, meter, closing, url(address), rules))) {
            session.onRegularEnd(() -> {
                closing.set(true);
                told.countDown();
                awaitQuietly(ended);
            });
            introduce(session, url(door.address()), cache.root());
            told.await();
            door.close(LAST_READERS);
        } finally {
            depot.close();
            ended.countDown();
        }
    }

    private Optional<Certificate> certificate() {
        if ((tlsCert == null) != (tlsKey == null)) {
            throw new FetchException.Usage(
                    "A certificate and its key go together.", "Give both --tls-cert and --tls-key.");
        }
        return tlsCert == null || tlsKey == null ? Optional.empty() : Optional.of(Certificate.in(tlsCert, tlsKey));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Box box(Cache cache, Depot depot, Box.Meter meter, AtomicBoolean closing, String url, Policy rules) {
        BoxOptions options = new BoxOptions(
                url,
                listen.isLoopback(),
                Program.versionNumber(),
                cache.root().resolve(".locks/modelfetch/tainted.json"),
                rules,
                Optional.ofNullable(accounts).map(file -> Accounts.read(file, InstantSource.system())),
                Optional.ofNullable(audit),
                cors);
        return new Box(depot, options, meter, closing, InstantSource.system());
    }

    private String url(InetSocketAddress at) {
        String plain = new Listener(at.getAddress(), at.getPort()).url();
        String own = tlsCert == null ? plain : plain.replaceFirst("^http:", "https:");
        return publicUrl != null ? publicUrl.text() : own;
    }

    private Optional<Long> limit() {
        return Optional.ofNullable(cacheSize).map(Amount::bytes);
    }

    /** In a cache that others use too, nothing is removed unless somebody has said how large it may be. */
    private Optional<Reserve> keptFree() {
        return keepFree != null ? Optional.of(keepFree) : limit().map(size -> Reserve.percent(KEPT_FREE_PERCENT));
    }

    private void introduce(Session session, String url, Path root) {
        Messages messages = session.messages();
        around.console().result("export HF_ENDPOINT=" + url);
        session.note(Line.note(messages.say("serve.powershell", "$env:HF_ENDPOINT=\"" + url + "\"")));
        session.note(Line.note(messages.say(listen.isLoopback() ? "serve.only-here" : "serve.everybody", url)));
        session.note(Line.note(messages.say("serve.stores", root)));
    }

    /** Where it listens. */
    record Listener(InetAddress host, int port) {

        private static final int USUAL_PORT = 8_090;
        static final Listener USUAL = new Listener(InetAddress.getLoopbackAddress(), USUAL_PORT);

        static Listener parse(String text) {
            int mark = text.lastIndexOf(':');
            String host = mark < 0 ? text : text.substring(0, mark);
            String port = mark < 0 ? "" : text.substring(mark + 1);
            try {
                if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
                    throw wrong(text, null);
                }
                InetAddress address = host.isEmpty()
                        ? InetAddress.getLoopbackAddress()
                        : InetAddress.getByName(host.replaceAll("^\\[|\\]$", ""));
                return new Listener(address, Integer.parseInt(port));
            } catch (java.net.UnknownHostException e) {
                throw wrong(text, e);
            }
        }

        private static FetchException.Usage wrong(String text, @Nullable Throwable cause) {
            String hint =
                    "Write for example 127.0.0.1:8090, or 0.0.0.0:8090 for every machine that can reach this one.";
            String message = "\"" + text + "\" is not an address to listen at.";
            return cause == null
                    ? new FetchException.Usage(message, hint)
                    : new FetchException.Usage(message, hint, cause);
        }

        InetSocketAddress address() {
            return new InetSocketAddress(host, port);
        }

        boolean isLoopback() {
            return host.isLoopbackAddress();
        }

        /** For programs on this machine. */
        String url() {
            String name = host.isAnyLocalAddress() ? "127.0.0.1" : host.getHostAddress();
            return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    /** The address by which clients know it. */
    record PublicUrl(String text) {

        static PublicUrl parse(String text) {
            String plain = text.trim().replaceAll("/+$", "");
            try {
                java.net.URI uri = new java.net.URI(plain);
                boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (web && uri.getHost() != null && uri.getRawQuery() == null && uri.getRawFragment() == null) {
                    return new PublicUrl(plain);
                }
            } catch (java.net.URISyntaxException e) {
                // Said below.
            }
            throw new FetchException.Usage(
                    "\"" + text + "\" is not the address of a web server.",
                    "Write for example https://models.example.org.");
        }
    }

    /** What is to stay free of a disk. */
    record Reserve(long bytes, int percent) {

        static Reserve percent(int share) {
            return new Reserve(0, share);
        }

        static Reserve parse(String text) {
            String plain = text.trim();
            if (plain.matches("[0-9]{1,2}%")) {
                return percent(Integer.parseInt(plain.substring(0, plain.length() - 1)));
            }
            return new Reserve(Amount.parse(plain).bytes(), 0);
        }

        long of(long total) {
            return Math.max(bytes, total / 100 * percent);
        }
    }
}

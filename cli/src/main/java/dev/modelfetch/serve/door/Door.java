package dev.modelfetch.serve.door;

import dev.modelfetch.FetchException;
import dev.modelfetch.serve.Ask;
import dev.modelfetch.serve.Box;
import dev.modelfetch.serve.Reply;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;

/** Lets requests in over HTTP/1.1, in clear text or TLS, and answers out. */
public final class Door implements AutoCloseable {

    private static final int LONGEST_HEADERS = 32 << 10;
    private static final int MOST_HEADERS = 100;
    private static final long LONGEST_BODY = 1 << 20;
    private static final int PARSE_MILLIS = 10_000;
    private static final int IDLE_MILLIS = 75_000;

    /** As many may read at the same time; each has a thread while it does. */
    private static final int MOST_READERS = 1_024;

    private static final int USUAL_READERS = 16;

    /** Its own news are of no use to whoever runs this; kept, since the JVM forgets levels of loggers nobody holds. */
    private static final List<Logger> QUIET = List.of(
            Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"), Logger.getLogger("org.jboss.threads"));

    private final Undertow server;
    private final GracefulShutdownHandler handler;
    private volatile @Nullable Box box;

    private Door(InetSocketAddress address, Optional<Certificate> certificate) {
        System.setProperty("org.jboss.logging.provider", "jdk");
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
        this.handler = new GracefulShutdownHandler(this::enter);
        String host = address.getAddress().getHostAddress();
        Undertow.Builder builder = Undertow.builder();
        certificate.ifPresentOrElse(
                known -> builder.addHttpsListener(address.getPort(), host, known.context()),
                () -> builder.addHttpListener(address.getPort(), host));
        this.server = builder.setHandler(handler)
                .setWorkerOption(Options.WORKER_TASK_CORE_THREADS, USUAL_READERS)
                .setWorkerOption(Options.WORKER_TASK_MAX_THREADS, MOST_READERS)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, LONGEST_HEADERS)
                .setServerOption(UndertowOptions.MAX_HEADERS, MOST_HEADERS)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, LONGEST_BODY)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, PARSE_MILLIS)
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                .build();
    }

    /**
     * Opens it.
     *
     * @param address to listen at; port 0 for any
     * @param certificate by which it speaks TLS; empty for clear text
     * @param box who answers, made once it is known where it listens
     * @throws FetchException.Usage if that is not possible, most likely because somebody else does
     */
    public static Door open(
            InetSocketAddress address, Optional<Certificate> certificate, Function<InetSocketAddress, Box> box) {
        Door door = new Door(address, certificate);
        try {
            door.server.start();
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new FetchException.Usage(
                    "Nothing can listen at " + address.getHostString() + ":" + address.getPort() + ": "
                            + cause.getMessage() + ".",
                    "Choose another address or port with --listen.",
                    e);
        }
        try {
            door.box = box.apply(door.address());
            return door;
        } catch (RuntimeException e) {
            door.server.stop();
            throw e;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    }

    private void enter(HttpServerExchange exchange) {
        exchange.dispatch(this::serve);
    }

    private void serve(HttpServerExchange exchange) throws IOException {
        Box answering = box;
        if (answering == null) {
            exchange.setStatusCode(503);
            exchange.endExchange();
            return;
        }
        exchange.startBlocking();
        Reply reply = answering.answer(ask(exchange));
        exchange.setStatusCode(reply.status());
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (reply.status() != 304) {
            exchange.setResponseContentLength(reply.length());
        }
        if (reply.isFile()) {
            send(exchange, reply);
        } else if (reply.text().length > 0) {
            exchange.getResponseSender().send(ByteBuffer.wrap(reply.text()));
        } else {
            exchange.endExchange();
        }
    }

    private static Ask ask(HttpServerExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach(values -> headers.putIfAbsent(
                        values.getHeaderName().toString().toLowerCase(Locale.ROOT), values.getFirst()));
        InetAddress client = exchange.getSourceAddress().getAddress();
        String query = exchange.getQueryString();
        String path = exchange.getRequestURI();
        if (exchange.isHostIncludedInRequestURI()) {
            int start = path.indexOf('/', path.indexOf("//") + 2);
            path = start < 0 ? "/" : path.substring(start);
        }
        return new Ask(
                exchange.getRequestMethod().toString().toUpperCase(Locale.ROOT),
                query.isEmpty() ? path : path + "?" + query,
                headers,
                client == null ? "?" : client.getHostAddress(),
                client != null && client.isLoopbackAddress(),
                () -> body(exchange));
    }

    private static byte[] body(HttpServerExchange exchange) throws IOException {
        try (InputStream in = exchange.getInputStream()) {
            byte[] body = in.readNBytes((int) LONGEST_BODY + 1);
            if (body.length > LONGEST_BODY) {
                throw new IOException("too long");
            }
            return body;
        }
    }

    /** A body that cannot be sent to its end ends with its connection, short of what was announced. */
    private static void send(HttpServerExchange exchange, Reply reply) {
        Outgoing out = new Outgoing(exchange, reply::begun);
        Exception failure = null;
        try {
            Optional<Reply.Stored> stored = reply.stored();
            if (stored.isPresent()) {
                try (FileChannel file = FileChannel.open(stored.get().path())) {
                    out.send(file, stored.get().position(), stored.get().count());
                }
            } else {
                reply.transferTo(out);
            }
            out.finish();
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            reply.ended(out.sent(), failure);
        }
        if (failure == null) {
            exchange.endExchange();
        } else {
            out.fail(failure);
        }
    }

    /** Lets nobody in any more, and waits so long for those who are. */
    public void close(Duration atMost) {
        handler.shutdown();
        try {
            var unused = handler.awaitShutdown(atMost.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }
}

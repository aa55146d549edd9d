package dev.modelfetch.serve.door;

import dev.modelfetch.FetchException;
import dev.modelfetch.serve.Ask;
import dev.modelfetch.serve.Box;
import dev.modelfetch.serve.Reply;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
import org.xnio.IoUtils;
import org.xnio.Options;

/** Lets requests in over HTTP/1.1, in clear text or TLS, and answers out. */
public final class Door implements AutoCloseable {

    private static final int LONGEST_HEADERS = 32 << 10;
    private static final int MOST_HEADERS = 100;
    private static final int PARSE_MILLIS = 10_000;
    private static final int IDLE_MILLIS = 75_000;

    /** As many are answered at the same time; each has a thread while it is. */
    private static final int MOST_READERS = 1_024;

    /** So many more, when they ask how it goes: whoever watches over a busy service is not to take it for a dead one. */
    private static final int SPARE = 16;

    private static final Duration SOON = Duration.ofSeconds(2);

    private static final int USUAL_READERS = 16;

    /** Its own news are of no use to whoever runs this; kept, since the JVM forgets levels of loggers nobody holds. */
    private static final List<Logger> QUIET = List.of(
            Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"), Logger.getLogger("org.jboss.threads"));

    private final Undertow server;
    private final Threshold threshold = new Threshold(MOST_READERS, SPARE);
    private final Incoming.Room bodies = new Incoming.Room();
    private volatile @Nullable Box box;

    private Door(InetSocketAddress address, Optional<Certificate> certificate) {
        System.setProperty("org.jboss.logging.provider", "jdk");
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
        String host = address.getAddress().getHostAddress();
        Undertow.Builder builder = Undertow.builder();
        certificate.ifPresentOrElse(
                known -> builder.addHttpsListener(address.getPort(), host, known.context()),
                () -> builder.addHttpListener(address.getPort(), host));
        this.server = builder.setHandler(this::enter)
                .setWorkerOption(Options.WORKER_TASK_CORE_THREADS, USUAL_READERS)
                .setWorkerOption(Options.WORKER_TASK_MAX_THREADS, MOST_READERS + SPARE)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, LONGEST_HEADERS)
                .setServerOption(UndertowOptions.MAX_HEADERS, MOST_HEADERS)
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
        if (!threshold.enter(exchange.getRequestURI().contains("/-/"))) {
            leave(exchange);
            return;
        }
        exchange.dispatch(each -> {
            try {
                serve(each);
            } finally {
                threshold.leave();
            }
        });
    }

    /** On a thread that serves others too: what does not go out at once is not sent. */
    private static void leave(HttpServerExchange exchange) {
        Reply busy = Reply.busy("As many are served as can be at once, or it is about to end.", SOON);
        exchange.setPersistent(false);
        Outgoing.announce(exchange, busy);
        exchange.getResponseSender().send(ByteBuffer.wrap(busy.text()), new IoCallback() {
            @Override
            public void onComplete(HttpServerExchange done, Sender sender) {
                IoUtils.safeClose(done.getConnection());
            }

            @Override
            public void onException(HttpServerExchange done, Sender sender, IOException failure) {
                IoUtils.safeClose(done.getConnection());
            }
        });
    }

    private void serve(HttpServerExchange exchange) {
        try (Incoming body = new Incoming(exchange, bodies)) {
            boolean clear = isClear(exchange.getRequestHeaders());
            Reply reply = clear ? answer(exchange, body) : unclear();
            boolean last = !clear || !exchange.isRequestComplete();
            if (last) {
                // A client that is still sending, and is not told so, would send its next request behind this one.
                exchange.setPersistent(false);
            }
            Outgoing.announce(exchange, reply);
            send(exchange, reply);
            if (last) {
                body.discard();
                IoUtils.safeClose(exchange.getConnection());
            }
            exchange.endExchange();
        }
    }

    private static Reply unclear() {
        return Box.failed(
                new FetchException.Usage("The request can be read in two ways.", "Say its length once, and its Host."));
    }

    private Reply answer(HttpServerExchange exchange, Incoming body) {
        Box answering = box;
        return answering == null ? Reply.busy("It has not begun yet.", SOON) : answering.answer(ask(exchange, body));
    }

    /** Whether whoever stands in front of this server, if anybody does, has read the same request. */
    private static boolean isClear(HeaderMap headers) {
        int lengths = headers.count(Headers.CONTENT_LENGTH);
        int codings = headers.count(Headers.TRANSFER_ENCODING);
        return lengths + codings <= 1
                && headers.count(Headers.HOST) <= 1
                && (codings == 0 || "chunked".equalsIgnoreCase(headers.getFirst(Headers.TRANSFER_ENCODING)))
                && (lengths == 0 || headers.getFirst(Headers.CONTENT_LENGTH).matches("[0-9]{1,18}"));
    }

    private static Ask ask(HttpServerExchange exchange, Incoming body) {
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
                body::read);
    }

    /** A body that cannot be sent to its end ends with its connection, short of what was announced. */
    private static void send(HttpServerExchange exchange, Reply reply) {
        Outgoing out = new Outgoing(exchange, reply::begun);
        Exception failure = null;
        try {
            if (reply.isFile()) {
                reply.transferTo(out);
            }
            out.send(reply.text());
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            reply.ended(out.sent(), failure);
        }
        if (failure != null) {
            out.fail(failure);
        }
    }

    /** Lets nobody in any more, and waits so long for those who are. */
    public void close(Duration atMost) {
        try {
            threshold.close(atMost);
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

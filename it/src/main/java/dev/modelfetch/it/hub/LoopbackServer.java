package dev.modelfetch.it.hub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A blocking HTTP server on a free loopback port, one thread per connection, with its hands on the socket so that it can
 * misbehave below HTTP.
 */
public final class LoopbackServer implements AutoCloseable {

    private static final int BACKLOG = 256;

    private final String name;
    private final Faults faults = new Faults();
    private final Ledger ledger;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Face face = request -> Reply.text(503, "still starting");
    private volatile String prefix = "";
    private final AtomicInteger busy = new AtomicInteger();
    private volatile int most = Integer.MAX_VALUE;
    private volatile int refusal = 429;
    private @Nullable ServerSocket door;

    /** Takes a port; call {@link #serve} next. */
    LoopbackServer(String name, Ledger ledger) {
        this.name = name;
        this.ledger = ledger;
        ServerSocket first = open(0);
        this.port = first.getLocalPort();
        listen(first);
    }

    /** The protocol to speak, usually built around {@link #endpoint}. */
    void serve(Face protocol) {
        face = protocol;
    }

    /** Base address without a trailing slash. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Answers below this path as well, for example {@code /artifactory/hub}, as a repository manager would. */
    public void alsoUnder(String path) {
        prefix = path;
    }

    /**
     * Refuses to send more than so many answers at one time, as hosts do to clients that open too many connections.
     *
     * @param status of the refusal: 403, 429 or 503
     */
    public void atMost(int answers, int status) {
        refusal = status;
        most = answers;
    }

    /** What goes wrong here; change it at any time. */
    public Faults faults() {
        return faults;
    }

    /** Drops all connections and refuses new ones. */
    public synchronized void refuse() {
        ServerSocket open = door;
        door = null;
        if (open != null) {
            close(open);
        }
        sockets.forEach(LoopbackServer::close);
    }

    /** Takes connections again, on the same port. */
    public synchronized void accept() {
        if (door == null) {
            listen(open(port));
        }
    }

    @Override
    public void close() {
        refuse();
    }

    private void listen(ServerSocket listening) {
        door = listening;
        start(
                () -> {
                    while (!listening.isClosed()) {
                        try {
                            Socket socket = listening.accept();
                            ledger.connected(name);
                            sockets.add(socket);
                            if (listening.isClosed()) {
                                close(socket);
                            }
                            start(() -> serve(socket), name + " connection");
                        } catch (IOException closed) {
                            return;
                        }
                    }
                },
                name);
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean more = true;
            while (more) {
                Request request = Wire.read(in);
                more = request != null && exchange(socket, in, request);
            }
        } catch (IOException clientWentAway) {
            // Clients cancel; that is part of the game.
        } finally {
            sockets.remove(socket);
        }
    }

    private boolean exchange(Socket socket, InputStream in, Request request) throws IOException {
        Visit visit = ledger.arrived(name, request);
        try {
            Reply reply = busy.incrementAndGet() > most
                    ? Reply.text(refusal, "too many connections")
                    : faults.apply(request, answer(request));
            visit.answered(reply);
            return Wire.write(socket.getOutputStream(), request, reply, visit);
        } catch (Cut cut) {
            switch (cut.how()) {
                case CLOSE -> socket.shutdownOutput();
                case RESET -> socket.setSoLinger(true, 0);
                case SILENCE -> in.skip(Long.MAX_VALUE);
            }
            return false;
        } finally {
            busy.decrementAndGet();
            ledger.left(visit);
        }
    }

    private Reply answer(Request request) throws IOException {
        try {
            String path = prefix;
            String raw = request.target().raw();
            return path.isEmpty() || !raw.startsWith(path + "/")
                    ? face.answer(request)
                    : moved(face.answer(request.withTarget(Target.parse(raw.substring(path.length())))), path);
        } catch (RuntimeException bug) {
            ledger.failed(bug);
            return Reply.text(500, "the miniature hub failed: " + bug);
        }
    }

    private Reply moved(Reply reply, String path) {
        String location = reply.headers().getOrDefault("Location", "");
        String link = reply.headers().getOrDefault("Link", "");
        Reply placed = location.startsWith("/") ? reply.with("Location", path + location) : reply;
        return link.isEmpty() ? placed : placed.with("Link", link.replace(endpoint(), endpoint() + path));
    }

    private static ServerSocket open(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("no loopback port to listen on", e);
        }
    }

    private static void start(Runnable work, String threadName) {
        Thread thread = new Thread(work, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable thing) {
        try {
            thing.close();
        } catch (Exception alreadyGone) {
            // Nothing is lost.
        }
    }
}

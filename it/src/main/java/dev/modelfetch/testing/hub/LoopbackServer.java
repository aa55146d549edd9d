package dev.modelfetch.testing.hub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A blocking HTTP server on a free loopback port, one thread per connection, with its hands on the socket so that it can
 * misbehave below HTTP.
 */
public final class LoopbackServer implements AutoCloseable {

    private final String name;
    private final Faults faults = new Faults();
    private final Ledger ledger;
    private final Presence presence = new Presence();
    private final Door door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Face face = request -> Reply.text(503, "still starting");
    private volatile String prefix = "";
    private final AtomicInteger busy = new AtomicInteger();
    private volatile int most = Integer.MAX_VALUE;
    private volatile int refusal = 429;

    /** Takes a port; call {@link #serve} next. */
    LoopbackServer(String name, Ledger ledger) {
        this.name = name;
        this.ledger = ledger;
        this.door = new Door(name, this::welcome);
    }

    /** The protocol to speak, usually built around {@link #endpoint}. */
    void serve(Face protocol) {
        face = protocol;
    }

    /** Base address without a trailing slash. */
    public String endpoint() {
        return "http://127.0.0.1:" + door.port();
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

    /** Goes away in this manner, from whatever it was before, until it is {@link #back}. */
    public synchronized void away(Outage manner) {
        presence.is(manner);
        if (manner.listens()) {
            door.open();
        } else {
            door.shut();
        }
        // Whoever comes from now on looks for itself.
        manner.end().ifPresent(how -> sockets.forEach(socket -> end(socket, how)));
    }

    /** Is there again, on the same port. */
    public void back() {
        away(Outage.NONE);
    }

    /** Drops all connections and refuses new ones. */
    public void refuse() {
        away(Outage.refused());
    }

    @Override
    public void close() {
        door.wallUp();
        refuse();
    }

    private void welcome(Socket socket) {
        ledger.connected(name);
        sockets.add(socket);
        Thread thread = new Thread(() -> serve(socket), name + " connection");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket socket) {
        try (socket) {
            Optional<Cut.How> end = presence.now().end();
            if (end.isPresent()) {
                end(socket, end.get());
                return;
            }
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
        boolean tooMany = busy.incrementAndGet() > most;
        try {
            Outage now = presence.audible();
            Reply reply = now.answer().isPresent()
                    ? now.answer().get()
                    : tooMany ? Reply.text(refusal, "too many connections") : faults.apply(request, answer(request));
            visit.answered(reply);
            return Wire.write(presence.over(socket.getOutputStream(), now), request, reply, visit);
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

    private static void end(Socket socket, Cut.How how) {
        try {
            if (how == Cut.How.RESET) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException alreadyGone) {
            // Nothing is lost.
        }
    }
}

package dev.modelfetch.testing.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A loopback port at which somebody listens, or nobody for a while. Guarded by itself. */
final class Door {

    private static final int BACKLOG = 256;

    private final int port;
    private final String name;
    private final Consumer<Socket> visitors;
    private @Nullable ServerSocket open;
    private Thread porter = new Thread();

    /** Holds the port while nobody listens: the system would give it to others. */
    private @Nullable Socket held;

    private boolean walledUp;

    /**
     * Opens any port.
     *
     * @param name of the thread
     * @param visitors are handed over by a thread of this door and must not keep it
     */
    Door(String name, Consumer<Socket> visitors) {
        this.name = name;
        this.visitors = visitors;
        ServerSocket first = listening(0);
        this.port = first.getLocalPort();
        open(first);
    }

    int port() {
        return port;
    }

    synchronized void open() {
        if (open == null && !walledUp) {
            close(held);
            held = null;
            open(listening(port));
        }
    }

    /** Nobody is let in, and the port stays ours. */
    synchronized void shut() {
        if (open != null) {
            stop(open);
            held = holding(port);
        }
    }

    /** Shut for good. */
    synchronized void wallUp() {
        walledUp = true;
        close(held);
        if (open != null) {
            stop(open);
        }
    }

    /** The system lets people in until nobody waits for them any more. */
    private void stop(ServerSocket listening) {
        close(listening);
        open = null;
        try {
            porter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void open(ServerSocket listening) {
        open = listening;
        porter = new Thread(() -> admit(listening), name);
        porter.setDaemon(true);
        porter.start();
    }

    private void admit(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                visitors.accept(listening.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static ServerSocket listening(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(loopback(port), BACKLOG);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("no loopback port to listen on", e);
        }
    }

    private static Socket holding(int port) {
        try {
            Socket socket = new Socket();
            socket.setReuseAddress(true);
            socket.bind(loopback(port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " is gone", e);
        }
    }

    private static InetSocketAddress loopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    private static void close(@Nullable AutoCloseable thing) {
        try {
            if (thing != null) {
                thing.close();
            }
        } catch (Exception alreadyGone) {
            // Nothing is lost.
        }
    }
}

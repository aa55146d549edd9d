package dev.modelfetch.it.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A forward proxy on loopback, which keeps the authorities it was asked for. Whatever host is asked for, it goes to the
 * same port on loopback: so a hub can seem to have an address that needs a proxy.
 */
final class Proxy implements AutoCloseable {

    private final ServerSocket door;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicLong brought = new AtomicLong();

    Proxy() throws IOException {
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::listen);
    }

    String address() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    /** Bytes that went to clients. */
    long brought() {
        return brought.get();
    }

    /** Host and port of every request, in order. */
    List<String> asked() {
        return asked;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private void listen() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            String[] request = line(in).split(" ", -1);
            URI target = URI.create(request[0].equals("CONNECT") ? "http://" + request[1] : request[1]);
            asked.add(target.getAuthority());
            try (Socket hub = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
                if (request[0].equals("CONNECT")) {
                    while (!line(in).isEmpty()) {
                        // Headers for the proxy end here.
                    }
                    write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
                } else {
                    write(hub, request[0] + " " + pathOf(request[1]) + " HTTP/1.1\r\nConnection: close\r\n");
                }
                start(() -> copy(in, hub));
                brought.addAndGet(copy(hub.getInputStream(), client));
            }
        } catch (IOException eitherWentAway) {
            // Clients cancel.
        }
    }

    private static String pathOf(String absolute) {
        return absolute.substring(absolute.indexOf('/', "http://".length()));
    }

    private static long copy(InputStream from, Socket to) {
        long copied = 0;
        try {
            byte[] some = new byte[8192];
            for (int count = from.read(some); count >= 0; count = from.read(some)) {
                to.getOutputStream().write(some, 0, count);
                copied += count;
            }
            to.shutdownOutput();
        } catch (IOException eitherWentAway) {
            // The other direction notices as well.
        }
        return copied;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }
}

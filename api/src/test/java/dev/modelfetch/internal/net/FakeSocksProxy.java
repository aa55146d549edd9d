package dev.modelfetch.internal.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Takes one SOCKS 5 connection, notes where it was meant to go, and plays a web server behind it. */
final class FakeSocksProxy implements Closeable {

    /**
     * Where a client wanted to go.
     *
     * @param addressType 1 for IPv4, 3 for a name, 4 for IPv6
     * @param name when the type is 3
     */
    record Wish(int addressType, String name, int port) {}

    private final ServerSocket socket;
    private final CompletableFuture<Wish> wish = new CompletableFuture<>();

    FakeSocksProxy() throws IOException {
        socket = new ServerSocket(0, 1, InetAddress.getByName("localhost"));
        Thread thread = new Thread(this::serve, "fake-socks-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "localhost:" + socket.getLocalPort();
    }

    Wish wish() throws Exception {
        return wish.get(10, TimeUnit.SECONDS);
    }

    private void serve() {
        try (Socket client = socket.accept();
                DataInputStream in = new DataInputStream(client.getInputStream());
                OutputStream out = client.getOutputStream()) {
            in.readByte();
            in.readNBytes(in.readUnsignedByte());
            out.write(new byte[] {5, 0});
            in.readNBytes(3);
            int type = in.readUnsignedByte();
            byte[] target = in.readNBytes(type == 3 ? in.readUnsignedByte() : type == 4 ? 16 : 4);
            int port = in.readUnsignedShort();
            wish.complete(new Wish(type, type == 3 ? new String(target, US_ASCII) : "", port));
            out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi".getBytes(US_ASCII));
            out.flush();
            // Until the client hangs up: closing with unread bytes would reset the connection under the answer.
            in.readAllBytes();
        } catch (IOException e) {
            wish.completeExceptionally(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

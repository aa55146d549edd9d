package dev.modelfetch.it.serve;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection to a box on which anything at all may be sent, for what no client library would send. */
final class Wire implements AutoCloseable {

    /** How long an answer may take; nothing is measured by it. */
    private static final int PATIENCE_MILLIS = 60_000;

    private static final int SMALL_WINDOW = 8 << 10;

    private final Socket socket = new Socket();
    private final InputStream in;

    private Wire(int port, boolean narrow) throws IOException {
        if (narrow) {
            // What the box sends is soon more than anybody has room for.
            socket.setReceiveBufferSize(SMALL_WINDOW);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 10);
    }

    static Wire to(Served box) throws IOException {
        return new Wire(box.port(), false);
    }

    /** One that takes little unless it is read. */
    static Wire narrow(Served box) throws IOException {
        return new Wire(box.port(), true);
    }

    /**
     * What came back.
     *
     * @param status zero if the connection ended without an answer
     * @param headers by name in lower case
     * @param latin the body, a character for each byte
     */
    record Answer(int status, Map<String, String> headers, String latin) {

        static final Answer NONE = new Answer(0, Map.of(), "");

        byte[] body() {
            return latin.getBytes(StandardCharsets.ISO_8859_1);
        }

        String text() {
            return new String(body(), StandardCharsets.UTF_8);
        }
    }

    Wire send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A request without a body. */
    Wire get(String target, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return send(request.append("\r\n").toString());
    }

    /** As many bytes of whatever comes. */
    byte[] read(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** The next answer; {@link Answer#NONE} if the connection has ended, in whichever way. */
    Answer answer() throws IOException {
        try {
            String first = line();
            if (!first.startsWith("HTTP/1.")) {
                return Answer.NONE;
            }
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int mark = line.indexOf(':');
                headers.put(
                        line.substring(0, mark).toLowerCase(Locale.ROOT),
                        line.substring(mark + 1).strip());
            }
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            return new Answer(Integer.parseInt(first.substring(9, 12)), headers, body);
        } catch (java.net.SocketException reset) {
            return Answer.NONE;
        }
    }

    /** Whether the box has ended the connection; waits for it. */
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Ends it by a reset: the client is gone, and says no word. */
    void vanish() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

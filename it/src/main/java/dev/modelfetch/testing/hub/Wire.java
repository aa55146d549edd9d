package dev.modelfetch.testing.hub;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 as far as the hubs need it. */
final class Wire {

    private static final int LONGEST_LINE = 64 * 1024;

    private Wire() {}

    /** @return null when the client has nothing more to ask */
    static @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        String[] words = first.split(" ", -1);
        if (words.length != 3 || !words[1].startsWith("/")) {
            throw new IOException("not a request line: " + first);
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.computeIfAbsent(header.substring(0, colon), name -> new ArrayList<>())
                    .add(header.substring(colon + 1).trim());
        }
        HttpHeaders fields = HttpHeaders.of(headers, (name, value) -> true);
        int length = Math.toIntExact(fields.firstValueAsLong("Content-Length").orElse(0));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("request body ended early");
        }
        return new Request(words[0], Target.parse(words[1]), fields, new String(body, StandardCharsets.UTF_8));
    }

    /** @return whether the connection can take another request */
    static boolean write(OutputStream socket, Request request, Reply reply, Visit visit) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " " + reason(reply.status()) + "\r\n");
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        boolean framed = reply.headers().containsKey("Content-Length");
        boolean keep = framed && !request.header("Connection").orElse("").equalsIgnoreCase("close");
        head.append("Connection: ").append(keep ? "keep-alive" : "close").append("\r\n\r\n");
        socket.write(head.toString().getBytes(StandardCharsets.UTF_8));
        if (!request.isHead()) {
            OutputStream body = new Counted(socket, visit);
            List<UnaryOperator<OutputStream>> filters = reply.filters();
            for (int i = filters.size() - 1; i >= 0; i--) {
                body = filters.get(i).apply(body);
            }
            reply.content().write(body, reply.from(), reply.to());
        }
        socket.flush();
        return keep;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() > LONGEST_LINE) {
                throw new IOException("header line too long");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 206 -> "Partial Content";
            case 302 -> "Found";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 416 -> "Range Not Satisfiable";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }

    private static final class Counted extends OutputStream {
        private final OutputStream out;
        private final Visit visit;

        Counted(OutputStream out, Visit visit) {
            this.out = out;
            this.visit = visit;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            // Counted first: a client may finish, and a test may look, before this thread runs on.
            visit.sent(length);
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                visit.sent(-length);
                throw e;
            }
        }
    }
}

package dev.modelfetch.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Runs the program once, from its options to a stored file, against a server of its own on this host: the launcher
 * writes down which classes that takes, and later starts find them ready. Nothing a person would start.
 */
public final class Rehearsal {

    private static final String COMMIT = "0".repeat(40);
    private static final String FILE = "{}";

    private Rehearsal() {}

    /** Leaves with the exit code of the fetch; the caller sees to it that the cache is a scratch folder. */
    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Rehearsal::answer);
        server.start();
        String here = "http://127.0.0.1:" + server.getAddress().getPort();
        Main.main(new String[] {
            "rehearsal/rehearsal",
            "--progress",
            "bar",
            "--json",
            "--endpoint",
            "huggingface=" + here,
            "--endpoint",
            "mirror=" + here,
            "--endpoint",
            "modelscope=" + here
        });
    }

    /** As the Hub does (huggingface.md 1.5, 1.7 and 8.1); a question in ModelScope's spelling is answered with 404. */
    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
        if (path.contains("/api/v1/")) {
            reply(exchange, 404, FILE);
        } else if (path.contains("/revision/")) {
            reply(exchange, 200, "{\"sha\": \"" + COMMIT + "\"}");
        } else if (path.contains("/tree/")) {
            // The git id of the two characters of the file.
            String oid = "9e26dfeeb6e641a33dae4961196235bdb965b21b";
            reply(exchange, 200, "[{\"type\": \"file\", \"path\": \"a.json\", \"size\": 2, \"oid\": \"" + oid + "\"}]");
        } else {
            reply(exchange, 200, FILE);
        }
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}

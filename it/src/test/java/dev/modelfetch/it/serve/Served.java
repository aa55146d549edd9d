package dev.modelfetch.it.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A box that runs, and a client that asks it. */
final class Served implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Running running;
    private final String endpoint;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Served(Running running) {
        this.running = running;
        this.endpoint = running.awaitOut("export HF_ENDPOINT=");
    }

    /** In front of the hubs of the lab, at a port of its own. */
    static Served start(Lab lab, String... options) throws IOException {
        return at(0, lab, options);
    }

    /** As {@link #start}, where another has listened before. */
    static Served at(int port, Lab lab, String... options) throws IOException {
        List<String> line = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:" + port));
        line.addAll(List.of(options));
        return of(lab.program().start(line.toArray(new String[0])));
    }

    /** One that somebody else has started. */
    static Served of(Running running) {
        return new Served(running);
    }

    int port() {
        return URI.create(endpoint).getPort();
    }

    String endpoint() {
        return endpoint;
    }

    /** What comes of a request. */
    record Got(int status, HttpResponse<byte[]> response) {

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        byte[] body() {
            return response.body();
        }

        String text() {
            return new String(body(), StandardCharsets.UTF_8);
        }

        JsonObject json() {
            return JsonParser.parseString(text()).getAsJsonObject();
        }

        JsonArray rows() {
            return JsonParser.parseString(text()).getAsJsonArray();
        }

        List<String> each(String key) {
            List<String> values = new ArrayList<>();
            for (JsonElement row : rows()) {
                values.add(row.getAsJsonObject().get(key).getAsString());
            }
            return values;
        }
    }

    Got get(String path, String... headers) throws IOException, InterruptedException {
        return ask(request(path, headers).GET());
    }

    Got head(String path, String... headers) throws IOException, InterruptedException {
        return ask(request(path, headers).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    }

    Got post(String path, String type, String body) throws IOException, InterruptedException {
        return ask(request(path, "Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    Got ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Got(response.statusCode(), response);
    }

    HttpClient client() {
        return client;
    }

    Running running() {
        return running;
    }

    /** Kills it without a warning. */
    void kill() throws IOException, InterruptedException {
        var unused = running.signal("KILL").end();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (running.handle().isAlive()) {
            kill();
        }
    }
}

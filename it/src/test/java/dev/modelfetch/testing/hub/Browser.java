package dev.modelfetch.testing.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A client without opinions: follows nothing, retries nothing. */
final class Browser {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    HttpResponse<byte[]> get(String url, String... headers) throws IOException, InterruptedException {
        return send(request(url, headers));
    }

    HttpResponse<byte[]> head(String url, String... headers) throws IOException, InterruptedException {
        return send(request(url, headers).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    }

    HttpResponse<byte[]> post(String url, String type, String body) throws IOException, InterruptedException {
        return send(request(url, "Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Map<?, ?> json(String url, String... headers) throws IOException, InterruptedException {
        return Json.parse(text(get(url, headers)));
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static HttpRequest.Builder request(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}

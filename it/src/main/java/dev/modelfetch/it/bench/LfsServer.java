package dev.modelfetch.it.bench;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells git LFS at which address of a hub an object is; it has none itself. */
final class LfsServer implements AutoCloseable {

    private final Map<String, String> addresses = new HashMap<>();
    private final HttpServer server;

    private LfsServer(HttpServer server) {
        this.server = server;
    }

    static LfsServer start(List<Wanted> files) throws IOException {
        LfsServer lfs = new LfsServer(HttpServer.create(
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0));
        files.forEach(file -> lfs.addresses.put(file.sha256(), file.address()));
        lfs.server.createContext("/objects/batch", lfs::answer);
        lfs.server.start();
        return lfs;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JsonArray objects = new JsonArray();
        for (JsonElement element :
                new Gson().fromJson(question, JsonObject.class).getAsJsonArray("objects")) {
            objects.add(located(element.getAsJsonObject()));
        }
        JsonObject reply = new JsonObject();
        reply.addProperty("transfer", "basic");
        reply.add("objects", objects);
        byte[] body = reply.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.git-lfs+json");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private JsonObject located(JsonObject object) {
        JsonObject link = new JsonObject();
        link.addProperty("href", addresses.get(object.get("oid").getAsString()));
        JsonObject actions = new JsonObject();
        actions.add("download", link);
        JsonObject answer = object.deepCopy();
        answer.addProperty("authenticated", true);
        answer.add("actions", actions);
        return answer;
    }
}

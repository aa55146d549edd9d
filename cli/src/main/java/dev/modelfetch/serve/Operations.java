package dev.modelfetch.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.modelfetch.Depot;
import dev.modelfetch.DepotRoom;
import dev.modelfetch.FetchException;
import dev.modelfetch.Filling;
import dev.modelfetch.Pinned;
import dev.modelfetch.Prefetch;
import dev.modelfetch.Selection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the operator of a box asks it, below {@code /-/}: no repository is called so. */
final class Operations {

    /** What web servers add to a request that they hand on. */
    private static final List<String> PASSED_ON = List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via");

    /** What everybody may ask, where there are accounts as well. */
    static final Set<String> HARMLESS = Set.of("live", "ready", "about");

    private final Depot depot;
    private final BoxOptions options;
    private final Figures figures;
    private final AtomicBoolean closing;
    private final Instant started;

    /** How an address becomes a commit. */
    interface Pins {
        Pinned of(String address);
    }

    Operations(Depot depot, BoxOptions options, Figures figures, AtomicBoolean closing, Instant started) {
        this.depot = depot;
        this.options = options;
        this.figures = figures;
        this.closing = closing;
        this.started = started;
    }

    /** Empty if there is nothing of that name. */
    Optional<Reply> answer(Ask ask, List<String> parts, Visitor visitor, Pins pins) throws IOException {
        String what = parts.isEmpty() ? "" : parts.get(0);
        if (what.equals("prefetch")) {
            return Optional.of(prefetch(ask, parts.subList(1, parts.size()), visitor, pins));
        }
        if (!ask.isRead() || parts.size() != 1) {
            return Optional.empty();
        }
        return switch (what) {
            case "live" -> Optional.of(Reply.text(200, "text/plain", "ok\n"));
            case "ready" ->
                Optional.of(
                        closing.get()
                                ? Reply.text(503, "text/plain", "about to end\n")
                                : Reply.text(200, "text/plain", "ok\n"));
            case "metrics" -> Optional.of(Reply.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics()));
            case "about" -> Optional.of(Reply.json(200, about()));
            case "status" -> Optional.of(status(ask));
            default -> Optional.empty();
        };
    }

    private String metrics() {
        List<Filling> fillings = depot.fillings();
        Map<String, Long> gauges = new HashMap<>();
        gauges.put("fillings", (long) fillings.size());
        gauges.put("readers", fillings.stream().mapToLong(Filling::readers).sum());
        DepotRoom room = depot.room();
        gauges.put("evicted_files", room.evictedFiles());
        gauges.put("evicted_bytes", room.evictedBytes());
        gauges.put("stored_bytes", room.stored());
        gauges.put("free_bytes", room.free());
        room.limit().ifPresent(limit -> gauges.put("limit_bytes", limit));
        gauges.put("uptime_seconds", Instant.now().getEpochSecond() - started.getEpochSecond());
        return figures.text(gauges);
    }

    private JsonObject about() {
        JsonObject about = new JsonObject();
        about.addProperty("name", "modelfetch");
        about.addProperty("version", options.version());
        about.addProperty("endpoint", options.publicUrl());
        JsonArray extras = new JsonArray();
        Box.EXTRAS.forEach(extras::add);
        about.add("extras", extras);
        return about;
    }

    private Reply status(Ask ask) {
        JsonObject status = about();
        status.addProperty("started", started.toString());
        status.addProperty("requests", figures.sum("requests_total"));
        status.addProperty("bytesServed", figures.sum("served_bytes_total"));
        status.addProperty("bytesFromOrigin", figures.sum("origin_bytes_total"));
        status.addProperty("filesFromStore", figures.value("files_total", "from=\"store\""));
        status.addProperty("filesFromFilling", figures.value("files_total", "from=\"filling\""));
        DepotRoom room = depot.room();
        status.addProperty("bytesStored", room.stored());
        status.addProperty("bytesFree", room.free());
        room.limit().ifPresent(limit -> status.addProperty("bytesAllowed", limit));
        status.addProperty("filesEvicted", room.evictedFiles());
        JsonArray fillings = new JsonArray();
        depot.fillings().forEach(each -> fillings.add(json(each, each.open() || isOfOperator(ask))));
        status.add("fillings", fillings);
        boolean browser = ask.header("Accept").orElse("").contains("text/html");
        return browser
                ? Reply.text(200, "text/html; charset=utf-8", StatusPage.of(status))
                        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                        .with("Refresh", "2")
                : Reply.json(200, status);
    }

    /** @param named whether it may be known what that is: the name of what is private is private too */
    private static JsonObject json(Filling filling, boolean named) {
        JsonObject json = new JsonObject();
        json.addProperty("repo", named ? filling.repo().toString() : "");
        json.addProperty("path", named ? filling.path() : "");
        json.addProperty("open", filling.open());
        json.addProperty("rate", filling.rate());
        json.addProperty("size", filling.size());
        json.addProperty("present", filling.present());
        json.addProperty("readers", filling.readers());
        JsonArray sources = new JsonArray();
        filling.sources().forEach(sources::add);
        json.add("sources", sources);
        return json;
    }

    private static JsonObject json(Prefetch prefetch) {
        JsonObject json = new JsonObject();
        json.addProperty("id", prefetch.id());
        json.addProperty("state", prefetch.state().word());
        json.addProperty("bytesDone", prefetch.bytesDone());
        json.addProperty("bytesTotal", prefetch.bytesTotal());
        prefetch.error().ifPresent(e -> json.addProperty("error", e.getMessage()));
        return json;
    }

    /** Only from this machine, or by an account: whoever may ask for it has the disk filled. */
    private Reply prefetch(Ask ask, List<String> parts, Visitor visitor, Pins pins) throws IOException {
        if (!isOfOperator(ask) && visitor.account().isEmpty()) {
            return Reply.error(403, "", "Only this machine may ask for that.");
        }
        if (parts.isEmpty()) {
            return ask.method().equals("POST") ? begin(ask, pins) : Problems.noRoute();
        }
        Prefetch prefetch = depot.prefetch(parts.get(0)).orElse(null);
        if (prefetch == null || parts.size() > 1) {
            return Problems.noRoute();
        }
        if (ask.method().equals("DELETE")) {
            prefetch.cancel();
        }
        return Reply.json(200, json(prefetch));
    }

    /** From this machine, but from no page of another site, and from nobody who comes through a web server on it. */
    boolean isOfOperator(Ask ask) {
        String own = origin(options.publicUrl());
        return ask.loopback()
                && ask.header("Origin").filter(origin -> !origin.equals(own)).isEmpty()
                && PASSED_ON.stream().noneMatch(name -> ask.header(name).isPresent());
    }

    private static String origin(String url) {
        int path = url.indexOf('/', url.indexOf("//") + 2);
        return path < 0 ? url : url.substring(0, path);
    }

    private Reply begin(Ask ask, Pins pins) throws IOException {
        JsonObject body;
        try {
            body = JsonParser.parseString(new String(ask.body().read(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            return Reply.error(400, "", "The body is not a JSON object.");
        }
        String repo = Form.text(body, "repo");
        if (repo.isEmpty()) {
            return Reply.error(400, "", "The body names no \"repo\".");
        }
        try {
            Pinned pinned = pins.of(repo);
            Selection selection = Selection.of(List.of(), strings(body, "include"), strings(body, "exclude"));
            return Reply.json(202, json(depot.prefetch(pinned, selection)));
        } catch (FetchException.Usage e) {
            return Reply.error(400, "", String.valueOf(e.getMessage()));
        }
    }

    private static List<String> strings(JsonObject body, String key) {
        List<String> strings = new ArrayList<>();
        JsonElement values = body.get(key);
        if (values != null && values.isJsonArray()) {
            values.getAsJsonArray().asList().stream()
                    .filter(JsonElement::isJsonPrimitive)
                    .forEach(value -> strings.add(value.getAsString()));
        }
        return strings;
    }
}

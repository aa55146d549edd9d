package dev.modelfetch.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.Caller;
import dev.modelfetch.Depot;
import dev.modelfetch.HubDocument;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Topic;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What hubs say beside their lists, passed on without a word of Xet, and what is said in their place. */
final class Papers {

    private static final int USUAL_FINDINGS = 1_000;

    /** In every answer, whatever else is asked for. */
    private static final Set<String> ALWAYS = Set.of("_id", "id", "sha");

    private final Depot depot;
    private final BoxOptions options;

    Papers(Depot depot, BoxOptions options) {
        this.depot = depot;
        this.options = options;
    }

    /** The hub's own words around our list of files. */
    Reply info(Ask ask, Pinned pinned) {
        JsonObject info = new Documents(depot, pinned).info(ask.is("blobs"));
        depot.describe(pinned, Topic.CARD, "")
                .map(card -> JsonParser.parseString(card.json()))
                .filter(JsonElement::isJsonObject)
                .ifPresent(card -> withoutXet(card).getAsJsonObject().entrySet().stream()
                        .filter(field -> !field.getKey().equals("siblings")
                                && !field.getKey().equals("sha"))
                        .forEach(field -> info.add(field.getKey(), field.getValue())));
        Set<String> wanted = new HashSet<>(ask.all("expand"));
        wanted.addAll(ask.all("expand[]"));
        if (!wanted.isEmpty()) {
            info.keySet().removeIf(key -> !wanted.contains(key) && !ALWAYS.contains(key));
        }
        return Reply.json(200, info);
    }

    /** The hub's branches and tags; the default branch alone where nobody tells them. */
    Reply refs(Ask ask, Pinned pinned) {
        boolean pullRequests = !ask.all("include_prs").isEmpty();
        return depot.describe(pinned, Topic.REFS, pullRequests ? "include_prs=1" : "")
                .map(said -> passedOn(ask, said))
                .orElseGet(() -> Reply.json(200, new Documents(depot, pinned).refs(pullRequests)));
    }

    Optional<Reply> history(Ask ask, Pinned pinned) {
        return depot.describe(pinned, Topic.HISTORY, ask.rawQuery()).map(said -> passedOn(ask, said));
    }

    /** What the hub finds; of what is stored, where it cannot be asked. */
    Reply search(Ask ask, RepoType type, Caller caller) {
        return depot.search(type, ask.rawQuery(), caller)
                .map(said -> passedOn(ask, said))
                .orElseGet(() -> Reply.json(200, found(ask, type)));
    }

    private Reply passedOn(Ask ask, HubDocument said) {
        Reply reply = Reply.json(200, withoutXet(JsonParser.parseString(said.json())));
        if (said.total().isPresent()) {
            reply = reply.with("X-Total-Count", String.valueOf(said.total().getAsLong()));
        }
        return said.next().isPresent()
                ? reply.with(
                        "Link",
                        "<" + options.publicUrl()
                                + ask.path().substring(options.prefix().length()) + "?"
                                + said.next().get() + ">; rel=\"next\"")
                : reply;
    }

    private JsonArray found(Ask ask, RepoType type) {
        String text = ask.first("search").toLowerCase(Locale.ROOT);
        String author = ask.first("author");
        JsonArray rows = new JsonArray();
        depot.shown().stream()
                .filter(repo -> repo.type() == type)
                .filter(repo -> repo.id().toLowerCase(Locale.ROOT).contains(text))
                .filter(repo ->
                        author.isEmpty() || repo.owner().filter(author::equals).isPresent())
                .sorted(Comparator.comparing(Repo::id))
                .limit(ask.number("limit", USUAL_FINDINGS))
                .forEach(repo -> rows.add(Documents.finding(repo)));
        return rows;
    }

    /** Clients that find one of its fields go there, and fail (serving.md 5). */
    private static JsonElement withoutXet(JsonElement json) {
        if (json.isJsonObject()) {
            JsonObject object = json.getAsJsonObject();
            List.copyOf(object.keySet()).stream()
                    .filter(key -> key.toLowerCase(Locale.ROOT).startsWith("xet"))
                    .forEach(object::remove);
            object.entrySet().forEach(field -> withoutXet(field.getValue()));
        } else if (json.isJsonArray()) {
            json.getAsJsonArray().forEach(Papers::withoutXet);
        }
        return json;
    }
}

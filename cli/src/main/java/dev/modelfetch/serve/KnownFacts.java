package dev.modelfetch.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.Depot;
import dev.modelfetch.Pinned;
import dev.modelfetch.Proof;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Topic;
import dev.modelfetch.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a depot knows beyond listings. */
final class KnownFacts implements Policy.Facts {

    private static final String TAG = "license:";
    private static final String HUB = "huggingface";

    private final Depot depot;

    KnownFacts(Depot depot) {
        this.depot = depot;
    }

    @Override
    public List<String> licences(Pinned pinned) {
        List<String> licences = depot.describe(pinned, Topic.CARD, "")
                .map(card -> JsonParser.parseString(card.json()))
                .filter(JsonElement::isJsonObject)
                .map(card -> licences(card.getAsJsonObject()))
                .orElse(List.of());
        return licences.isEmpty() ? List.of("unknown") : licences;
    }

    private static List<String> licences(JsonObject card) {
        List<String> licences = new ArrayList<>();
        JsonElement tags = card.get("tags");
        for (JsonElement tag : tags != null && tags.isJsonArray() ? tags.getAsJsonArray() : new JsonArray()) {
            String text = tag.isJsonPrimitive() ? tag.getAsString() : "";
            if (text.startsWith(TAG)) {
                licences.add(text.substring(TAG.length()).toLowerCase(Locale.ROOT));
            }
        }
        return licences;
    }

    @Override
    public Verification level(Pinned pinned, RepoFile row) {
        return depot.proof(pinned, row).map(Proof::verified).orElseGet(() -> {
            if (row.digest().isEmpty()) {
                return Verification.SIZE;
            }
            return pinned.source().equals(HUB) ? Verification.ORIGIN : Verification.SELF;
        });
    }
}

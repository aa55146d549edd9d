package dev.modelfetch;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a hub has said in the JSON of Hugging Face, to be passed on to programs that read it.
 *
 * @param json as it came
 * @param next query of the address of the next page, encoded; empty for the last one
 * @param total how much there is on all pages; empty where nobody says
 */
public record HubDocument(String json, Optional<String> next, OptionalLong total) {

    public HubDocument {
        Objects.requireNonNull(json, "json");
    }

    /** One that has no pages. */
    public static HubDocument of(String json) {
        return new HubDocument(json, Optional.empty(), OptionalLong.empty());
    }
}

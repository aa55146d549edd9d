package dev.modelfetch;

import java.util.List;
import java.util.Optional;

/**
 * What is no longer kept for a source.
 *
 * @param source its id
 * @param tokens names of the tokens that are gone, as far as they had one
 * @param places files that are gone or have changed; empty if nothing was kept
 * @param stillFrom where a token comes from that is in force all the same, such as a variable
 */
public record Logout(String source, List<String> tokens, List<String> places, Optional<String> stillFrom) {
    public Logout {
        tokens = List.copyOf(tokens);
        places = List.copyOf(places);
    }
}

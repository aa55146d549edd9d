package dev.modelfetch;

import java.util.Objects;

/**
 * What is known of a stored file, whatever its listing names.
 *
 * @param sha256 of its bytes, computed from them
 * @param verified who has vouched for them
 */
public record Proof(Digest sha256, Verification verified) {

    public Proof {
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(verified, "verified");
    }
}

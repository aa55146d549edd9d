package dev.modelfetch;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** For whom a {@link Depot} reads: by a token of the Hub, which is shown to the Hub and to nobody else. Never printed. */
public final class Caller {

    /** Somebody without a token. */
    public static final Caller ANONYMOUS = new Caller(null);

    private final @Nullable String token;

    private Caller(@Nullable String token) {
        this.token = token;
    }

    /** @throws FetchException.Usage if it is empty */
    public static Caller withToken(String token) {
        if (token.isBlank()) {
            throw new FetchException.Usage("The token is empty.", "Leave it out.");
        }
        return new Caller(token);
    }

    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Caller that && Objects.equals(token, that.token);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(token);
    }

    @Override
    public String toString() {
        return token == null ? "anonymous" : "with a token";
    }
}

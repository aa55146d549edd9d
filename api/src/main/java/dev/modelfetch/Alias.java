package dev.modelfetch;

import java.util.Objects;

/**
 * What a repository is called at one source, as far as is known without asking anybody. Whether it is the same is proved by
 * the digests of its weights when it is fetched.
 *
 * @param repo in the common spelling
 * @param source that calls it otherwise, or the same
 * @param id there
 * @param because how that is known, in one clause
 */
public record Alias(Repo repo, String source, String id, String because) {
    public Alias {
        Objects.requireNonNull(repo, "repo");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(because, "because");
    }
}

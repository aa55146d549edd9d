package dev.modelfetch.spi;

import dev.modelfetch.Repo;
import java.util.Objects;

/**
 * What a repository is called at one hub. Made with {@link #of}, whose callers a new component does not break.
 *
 * @param repo in the common spelling
 * @param id in the spelling of that hub
 * @param because how that is known, in one clause, such as the table it stands in
 */
public record KnownAs(Repo repo, String id, String because) {

    public KnownAs {
        Objects.requireNonNull(repo, "repo");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(because, "because");
    }

    /** From a table or by a rule. */
    public static KnownAs of(Repo repo, String id, String because) {
        return new KnownAs(repo, id, because);
    }
}

package dev.modelfetch.internal.file;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What comparing content with a row says. The one comparison there is: every judgement about bytes starts here. */
public enum Match {
    /** A digest that both know is equal, and none differs. */
    SAME,
    /** The length or a digest that both know differs. */
    OTHER,
    /** They have no digest in common; only the lengths agree. */
    UNKNOWN;

    /** Whether two rows speak of the same content. */
    public static Match of(RepoFile one, RepoFile other) {
        return one.size() == other.size() ? of(one.sha256(), one.gitBlob(), other) : OTHER;
    }

    /** Whether bytes of the row's length are the content that the row names. */
    public static Match of(Content bytes, RepoFile row) {
        return of(bytes.sha256(), bytes.gitBlob(), row);
    }

    private static Match of(@Nullable Digest sha256, @Nullable Digest gitBlob, RepoFile row) {
        Match strong = of(sha256, row.sha256());
        Match weak = of(gitBlob, row.gitBlob());
        if (strong == OTHER || weak == OTHER) {
            return OTHER;
        }
        return strong == SAME || weak == SAME ? SAME : UNKNOWN;
    }

    private static Match of(@Nullable Digest one, @Nullable Digest other) {
        if (one == null || other == null) {
            return UNKNOWN;
        }
        return Objects.equals(one, other) ? SAME : OTHER;
    }
}

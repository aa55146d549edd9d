package dev.modelfetch.cli.screen;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evictable;
import dev.modelfetch.Leftover;
import dev.modelfetch.Verification;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A repository in a cache, or one of its revisions: what {@code fetch cache ls} has a line for.
 *
 * @param revision null where the line is that of the whole repository
 */
public record StoredRow(CachedRepo repo, @Nullable CachedRevision revision) {

    private static final int SHORT_COMMIT = 12;

    /** For example {@code model/acme-lab/aurora-7b}. */
    public String id() {
        return repo.key();
    }

    /** The same, for a revision with its commit; {@code fetch cache rm} understands it. */
    public String name() {
        return revision == null ? id() : id() + "@" + shortened(revision.commit());
    }

    public Evictable evictable() {
        return revision == null ? repo : revision;
    }

    public long size() {
        return revision == null ? repo.size() : revision.size();
    }

    /** Of the repository in any case, as {@code hf cache ls} has it. */
    public Instant lastAccessed() {
        return repo.lastAccessed();
    }

    public Instant lastModified() {
        return revision == null ? repo.lastModified() : revision.lastModified();
    }

    /** Branches and tags that point to something stored. */
    public List<String> refs() {
        return revisions()
                .flatMap(each -> each.refs().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Who listed it for us; empty if that were only other programs. */
    List<String> sources() {
        return revisions()
                .flatMap(each -> each.source().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** The weakest of its files; empty if there is one of which we know nothing. */
    Optional<Verification> verified() {
        return revisions().allMatch(each -> each.verified().isPresent())
                ? revisions().flatMap(each -> each.verified().stream()).max(Comparator.naturalOrder())
                : Optional.empty();
    }

    /** Bytes of downloads into the repository that were not finished, by whatever program. */
    long unfinished() {
        return repo.leftovers().stream()
                .filter(StoredRow::isUnfinished)
                .mapToLong(Leftover::bytes)
                .sum();
    }

    static boolean isUnfinished(Leftover leftover) {
        return leftover.kind() == Leftover.Kind.PARTIAL || leftover.kind() == Leftover.Kind.INCOMPLETE;
    }

    static String shortened(String commit) {
        return commit.substring(0, Math.min(SHORT_COMMIT, commit.length()));
    }

    private Stream<CachedRevision> revisions() {
        return revision == null ? repo.revisions().stream() : Stream.of(revision);
    }
}

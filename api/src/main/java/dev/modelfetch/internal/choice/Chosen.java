package dev.modelfetch.internal.choice;

import dev.modelfetch.Digest;
import dev.modelfetch.Identity;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Trust;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A job bound to one manifest and commit.
 *
 * @param primary the source of the manifest
 * @param manifest what the job will store
 * @param identity whether it is the repository asked for
 * @param reason why this source, in one clause
 * @param witnesses all sources whose listings may vouch for content or deliver it, best for bytes first; the primary is
 *     one of them
 */
public record Chosen(Source primary, Manifest manifest, Identity identity, String reason, List<Witness> witnesses) {

    public Chosen {
        witnesses = List.copyOf(witnesses);
    }

    /**
     * Who can deliver exactly this content, best first: the same commit and path within a family, or equal SHA-256 and
     * size across families (mirrors.md 5.9, step 6).
     */
    public List<Offer> offers(RepoFile file) {
        List<Offer> offers = new ArrayList<>();
        for (Witness witness : witnesses) {
            witness.heard()
                    .ifPresent(listed -> witness.row(file.path())
                            .filter(row -> row.size() == file.size())
                            .filter(row -> sameVersion(listed) || sameContent(row, file))
                            .ifPresent(row -> offers.add(new Offer(witness.hub(), listed, row))));
        }
        return offers;
    }

    /** Asks the reserves, without waiting: somebody in front of them is in trouble. */
    public void wakeReserves() {
        witnesses.forEach(Witness::wake);
    }

    /** As {@link #wakeReserves()}, and waits for all listings that are on their way, no longer than a race would. */
    public void awaitLate() throws InterruptedException {
        wakeReserves();
        long deadline = System.nanoTime() + Limits.RACE.toNanos();
        for (Witness witness : witnesses) {
            witness.await(deadline - System.nanoTime());
        }
    }

    /** Whether somebody may still join those who can deliver. */
    public boolean isAnybodyPending() {
        return witnesses.stream().anyMatch(Witness::isPending);
    }

    /** The strongest voice for bytes that have these digests. */
    public Verification voucher(RepoFile file, Content content, boolean pinned) {
        if (pinned) {
            return Verification.PINNED;
        }
        Set<String> families = new HashSet<>();
        boolean origin = false;
        for (Witness witness : witnesses) {
            boolean vouches = witness.row(file.path())
                    .filter(row -> row.size() == file.size())
                    .filter(row -> names(row, content))
                    .isPresent();
            if (vouches) {
                families.add(witness.hub().profile().family());
                origin |= witness.hub().profile().trust() == Trust.ORIGIN;
            }
        }
        if (origin) {
            return Verification.ORIGIN;
        }
        if (families.size() > 1) {
            return Verification.CROSS;
        }
        return file.digest().isPresent() ? Verification.SELF : Verification.SIZE;
    }

    private boolean sameVersion(Manifest other) {
        return other.family().equals(manifest.family()) && other.commit().equals(manifest.commit());
    }

    private static boolean sameContent(RepoFile a, RepoFile b) {
        return a.sha256() != null && a.sha256().equals(b.sha256());
    }

    private static boolean names(RepoFile row, Content content) {
        Digest named = row.digest().orElse(null);
        return named != null && (named.equals(content.sha256()) || named.equals(content.gitBlob()));
    }
}

package dev.modelfetch.source.modelscope;

import static dev.modelfetch.source.modelscope.ModelScopeClient.OF_LISTING;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import dev.modelfetch.Digest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.source.modelscope.ModelScopeClient.Answer;
import dev.modelfetch.source.modelscope.ModelScopeJson.Commit;
import dev.modelfetch.source.modelscope.ModelScopeJson.Commits;
import dev.modelfetch.source.modelscope.ModelScopeJson.Listing;
import dev.modelfetch.source.modelscope.ModelScopeJson.RevisionMap;
import dev.modelfetch.source.modelscope.ModelScopeJson.Revisions;
import dev.modelfetch.spi.Hiccup;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pins a branch, tag or commit of one repository (modelscope.md 1.4). One request in the usual cases, which also tells
 * whether the repository exists:
 *
 * <ol>
 *   <li>no revision, or {@code master}: newest commit of {@code master};
 *   <li>another branch or tag: its newest commit;
 *   <li>a commit: the listing at that commit, since the hub is only known to take commits there;
 *   <li>{@code main}: the list of branches first, because here it is a name like any other, and usually nobody's.
 * </ol>
 *
 * <p>The call for commits is not documented. Where it is missing or changed, the commit comes from the list of branches
 * (datasets) or from the head of the listing.
 */
final class Pin {

    private static final String DEFAULT = "master";
    private static final String HUB_DEFAULT = "main";

    private final ModelScopeClient client;
    private final String host;

    Pin(ModelScopeClient client, String host) {
        this.client = client;
        this.host = host;
    }

    Resolved pin(Repo repo, @Nullable String revision) throws SourceException {
        if (revision == null) {
            return unnamed(repo);
        }
        if (revision.equals(HUB_DEFAULT)) {
            return main(repo);
        }
        try {
            return Digest.isGitId(revision)
                    ? commit(repo, revision.toLowerCase(Locale.ROOT))
                    : resolved(repo, revision, commitOf(repo, revision, null));
        } catch (SourceException e) {
            throw isAbsent(e) && isThere(repo) ? unknown(repo, revision) : e;
        }
    }

    /** Its branches and tags. */
    List<String> names(Repo repo) throws SourceException {
        RevisionMap listed = listed(repo, null);
        return Stream.concat(listed.branchNames().stream(), listed.tagNames().stream())
                .toList();
    }

    private static boolean isAbsent(SourceException e) {
        return e.verdict() instanceof Verdict.NotHere missing && missing.what() == What.REPOSITORY;
    }

    /** A 404 does not say whether it means the repository or the revision (modelscope.md 3.1); this call names none. */
    private boolean isThere(Repo repo) {
        try {
            return !listed(repo, null).equals(RevisionMap.UNKNOWN);
        } catch (SourceException e) {
            return false;
        }
    }

    /** The default branch is {@code master} in all repositories surveyed; a repository of one other branch has that. */
    private Resolved unnamed(Repo repo) throws SourceException {
        Optional<String> commit = commitOf(repo, DEFAULT, null);
        if (commit.isPresent()) {
            return resolved(repo, DEFAULT, commit);
        }
        List<String> branches = listed(repo, OF_LISTING).branchNames();
        String only = branches.contains(HUB_DEFAULT) ? HUB_DEFAULT : branches.size() == 1 ? branches.get(0) : DEFAULT;
        return resolved(repo, only, only.equals(DEFAULT) ? commit : commitOf(repo, only, OF_LISTING));
    }

    private Resolved main(Repo repo) throws SourceException {
        RevisionMap listed = listed(repo, null);
        boolean isBranch = listed.branchNames().contains(HUB_DEFAULT);
        String branch = isBranch ? HUB_DEFAULT : DEFAULT;
        Optional<String> told = listed.commitOf(branch).filter(Digest::isGitId);
        if (told.isEmpty() && !isBranch) {
            return unnamed(repo);
        }
        return resolved(repo, branch, told.isPresent() ? told : commitOf(repo, branch, OF_LISTING));
    }

    private Resolved commit(Repo repo, String commit) throws SourceException {
        return resolved(
                repo, commit, head(repo, commit, null).files() == null ? Optional.empty() : Optional.of(commit));
    }

    private Resolved resolved(Repo repo, String revision, Optional<String> commit) throws SourceException {
        return Resolved.of(
                repo,
                revision,
                commit.orElseThrow(() -> unknown(repo, revision)).toLowerCase(Locale.ROOT));
    }

    private SourceException unknown(Repo repo, String revision) {
        return SourceException.notHere(
                What.REVISION, repo + " at " + host + " has no branch, tag or commit \"" + revision + "\"");
    }

    /**
     * The commit a ref points at; empty when there is no such ref.
     *
     * @param given as for {@link ModelScopeClient#newestCommit}
     */
    private Optional<String> commitOf(Repo repo, String ref, @Nullable Hiccup given) throws SourceException {
        try {
            Answer answer = client.newestCommit(repo, ref, given);
            if (answer.isNoSuchCall()) {
                return commitElsewhere(repo, ref, given);
            }
            Commits commits = client.data(repo, answer, What.REPOSITORY, Commits.class);
            JsonElement found = commits == null ? null : commits.commit();
            if (found == null) {
                return commitElsewhere(repo, ref, OF_LISTING);
            }
            if (found.isJsonNull() || (found instanceof JsonArray list && list.isEmpty())) {
                return Optional.empty();
            }
            Optional<String> newest = found instanceof JsonArray list
                    ? idOf(ModelScopeJson.part(list.get(0), Commit.class))
                    : Optional.empty();
            return newest.isPresent() ? newest : commitElsewhere(repo, ref, OF_LISTING);
        } catch (SourceException e) {
            if (e.verdict() instanceof Verdict.NotHere missing && missing.what() == What.REVISION) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<String> commitElsewhere(Repo repo, String ref, @Nullable Hiccup given) throws SourceException {
        if (repo.type() == RepoType.DATASET) {
            Optional<String> told = listed(repo, given).commitOf(ref).filter(Digest::isGitId);
            if (told.isPresent()) {
                return told;
            }
        }
        Listing head = head(repo, ref, given);
        if (head.files() == null) {
            return Optional.empty();
        }
        Optional<String> newest = idOf(head.latestCommitter());
        if (newest.isEmpty()) {
            throw SourceException.blocked(host + " does not tell which commit \"" + ref + "\" of " + repo + " is");
        }
        return newest;
    }

    /** The smallest listing there is; its rows are null at an unknown revision. */
    private Listing head(Repo repo, String revision, @Nullable Hiccup given) throws SourceException {
        return repo.type() == RepoType.DATASET
                ? client.page(repo, revision, 1, 1, What.REPOSITORY, given)
                : client.directlyIn(repo, revision, null, What.REPOSITORY, given);
    }

    private RevisionMap listed(Repo repo, @Nullable Hiccup given) throws SourceException {
        Answer answer = client.revisions(repo, given);
        if (answer.isNoSuchCall()) {
            return RevisionMap.UNKNOWN;
        }
        Revisions revisions = client.data(repo, answer, What.REPOSITORY, Revisions.class);
        return revisions == null || revisions.revisionMap() == null ? RevisionMap.UNKNOWN : revisions.revisionMap();
    }

    private static Optional<String> idOf(@Nullable Commit commit) {
        return Optional.ofNullable(commit).map(Commit::id).filter(Digest::isGitId);
    }
}

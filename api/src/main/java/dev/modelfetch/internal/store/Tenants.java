package dev.modelfetch.internal.store;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.internal.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which repositories have commits in a plain directory. Each has a folder for its records, named after what was asked
 * for as in a hub cache, whatever the source that answered calls it. Earlier versions kept the records of all in one.
 */
final class Tenants {

    private static final String LISTINGS = "listings";
    private static final String REFS = "refs";
    private static final String JSON = ".json";

    private final Path own;
    private final Repo repo;
    private final Manifests earlier;

    /** @param own our folder in the directory */
    Tenants(Path own, Repo repo) {
        this.own = own;
        this.repo = repo;
        this.earlier = new Manifests(own.resolve(LISTINGS));
    }

    /** Where what the repository's commits consist of is kept. */
    Path listings() {
        return listings(repo);
    }

    /** Where its revisions are kept. */
    Path refs() {
        return own.resolve(HubCache.folderName(repo)).resolve(REFS);
    }

    /** What an earlier version remembered of one of its commits. */
    Optional<Manifest> earlierManifest(String commit) {
        return earlier.read(commit).filter(this::isOfRepo);
    }

    /** The commit for which an earlier version remembered a revision of it. */
    Optional<String> earlierRef(String revision) {
        return new Refs(own.resolve(REFS))
                .read(revision)
                .filter(commit -> earlierManifest(commit).isPresent());
    }

    /** Its commits of which there is a listing, the most recent first. */
    List<String> commits() {
        Set<String> commits = new LinkedHashSet<>(listed(listings()));
        listed(earlier.directory()).stream()
                .filter(commit -> earlierManifest(commit).isPresent())
                .forEach(commits::add);
        return List.copyOf(commits);
    }

    /** Whether a commit is only known as that of other repositories. */
    boolean isOfOthers(String commit) {
        return !hasListing(repo, commit)
                && earlierManifest(commit).isEmpty()
                && (earlier.read(commit).isPresent() || named().stream().anyMatch(other -> hasListing(other, commit)));
    }

    /** Every repository that has records here. */
    List<Repo> all() {
        Set<Repo> all = new LinkedHashSet<>(named());
        for (String commit : listed(earlier.directory())) {
            earlier.read(commit)
                    .map(Manifest::repo)
                    .filter(known -> all.stream().noneMatch(other -> hasListing(other, commit)))
                    .ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    /** Commits that have a JSON file, the most recent first. */
    static List<String> listed(Path folder) {
        try {
            return Folders.newestFirst(
                            Folders.entries(folder, entry -> entry.toString().endsWith(JSON)))
                    .stream()
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .map(name -> name.substring(0, name.length() - JSON.length()))
                    .filter(CommitName::isPlain)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Earlier versions noted only what the source calls the repository. In another catalogue than that of the name asked
     * for it may have another owner, so that the last part has to do.
     */
    private boolean isOfRepo(Manifest manifest) {
        Repo known = manifest.repo();
        boolean elsewhere = known.family() != null && !known.family().equals(repo.family());
        return known.type() == repo.type()
                && (known.id().equals(repo.id()) || (elsewhere && known.name().equalsIgnoreCase(repo.name())));
    }

    private boolean hasListing(Repo any, String commit) {
        return Files.exists(listings(any).resolve(commit + JSON));
    }

    private Path listings(Repo any) {
        return own.resolve(HubCache.folderName(any)).resolve(LISTINGS);
    }

    /** Those with a folder, the most recently listed first. */
    private List<Repo> named() {
        try {
            List<Path> listings = Folders.entries(own, any -> true).stream()
                    .map(entry -> entry.resolve(LISTINGS))
                    .filter(Files::isDirectory)
                    .toList();
            return Folders.newestFirst(listings).stream()
                    .map(folder -> named(own.relativize(folder).getName(0).toString()))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<Repo> named(String folder) {
        String[] parts = folder.split("--", 2);
        try {
            return parts.length < 2
                    ? Optional.empty()
                    : Optional.of(Repo.of(RepoType.parse(parts[0]), parts[1].replace("--", "/")));
        } catch (FetchException.Usage notOurs) {
            return Optional.empty();
        }
    }
}

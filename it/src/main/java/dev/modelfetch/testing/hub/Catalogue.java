package dev.modelfetch.testing.hub;

import dev.modelfetch.RepoType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What one hub holds, and whom it knows. May be changed while the hub runs; old commits stay readable. Thread-safe. */
public final class Catalogue {

    private final Map<String, Repository> repositories = new ConcurrentHashMap<>();
    private final Map<String, Commit> commits = new ConcurrentHashMap<>();
    private final Map<String, String> renamed = new ConcurrentHashMap<>();
    /** With the names that their user gave them. */
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    /** Adds a repository, or moves its branches on. */
    public Catalogue put(Repository repository) {
        repositories.put(key(repository.type(), repository.id()), repository);
        remember(repository, repository.head());
        repository.refs().values().forEach(commit -> remember(repository, commit));
        repository.readers().forEach(this::user);
        return this;
    }

    /** Forgets a repository. */
    public Catalogue remove(RepoType type, String id) {
        repositories.remove(key(type, id));
        return this;
    }

    /** Leaves a redirection behind, as for a renamed repository or a legacy id. */
    public Catalogue rename(RepoType type, String oldId, String newId) {
        renamed.put(key(type, oldId), newId);
        return this;
    }

    /** A token of a user who may otherwise see nothing special. */
    public Catalogue user(String token) {
        tokens.putIfAbsent(token, "lab-read");
        return this;
    }

    /** The same, by the name that the user gave the token. */
    public Catalogue user(String token, String name) {
        tokens.put(token, name);
        return this;
    }

    /** Knows a token no more. */
    public Catalogue revoke(String token) {
        tokens.remove(token);
        return this;
    }

    Optional<Repository> find(RepoType type, String id) {
        return Optional.ofNullable(repositories.get(key(type, id)));
    }

    /** Repositories that everybody sees whose names have that text in them, by name. */
    List<Repository> containing(RepoType type, String text) {
        return repositories.values().stream()
                .filter(repository -> repository.type() == type)
                .filter(repository -> repository.access() != Repository.Access.PRIVATE)
                .filter(repository -> repository.id().contains(text))
                .sorted(Comparator.comparing(Repository::id))
                .toList();
    }

    /** The id under which a renamed or wrongly capitalised repository is to be found. */
    Optional<String> movedTo(RepoType type, String id) {
        String target = renamed.get(key(type, id));
        if (target != null) {
            return Optional.of(target);
        }
        return repositories.values().stream()
                .filter(repository -> repository.type() == type)
                .map(Repository::id)
                .filter(known -> known.equalsIgnoreCase(id) && !known.equals(id))
                .findFirst();
    }

    /** @param head how this hub calls its default branch */
    Optional<Commit> commit(Repository repository, String revision, String head) {
        if (revision.equals(head)) {
            return Optional.of(repository.head());
        }
        Commit named = repository.refs().get(revision);
        return Optional.ofNullable(named != null ? named : commits.get(key(repository, revision)));
    }

    boolean knows(@Nullable String token) {
        return nameOf(token).isPresent();
    }

    Optional<String> nameOf(@Nullable String token) {
        return token == null ? Optional.empty() : Optional.ofNullable(tokens.get(token));
    }

    private void remember(Repository repository, Commit commit) {
        commits.put(key(repository, commit.id()), commit);
    }

    private static String key(Repository repository, String commit) {
        return key(repository.type(), repository.id()) + "@" + commit;
    }

    private static String key(RepoType type, String id) {
        return type.plural() + "/" + id;
    }
}

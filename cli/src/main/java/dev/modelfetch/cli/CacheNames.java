package dev.modelfetch.cli;

import dev.modelfetch.Address;
import dev.modelfetch.CacheContents;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.cli.screen.StoredRow;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the words of a command line name in a cache: repositories, and revisions of them. */
final class CacheNames {

    /** As few characters of a commit as git takes for one. */
    private static final int SHORTEST_COMMIT = 4;

    private final CacheContents contents;

    CacheNames(CacheContents contents) {
        this.contents = contents;
    }

    /**
     * A repository, and which of its revisions.
     *
     * @param key type and id
     * @param revision branch, tag or the beginning of a commit; null for the repository itself
     */
    private record Name(String key, @Nullable String revision) {

        boolean names(StoredRow row, BiPredicate<String, String> same) {
            if (!same.test(key, row.id())) {
                return false;
            }
            if (row.revision() == null || revision == null) {
                return row.revision() == null && revision == null;
            }
            return row.refs().contains(revision) || beginsCommit(row, revision);
        }
    }

    /**
     * What each of them names; several may name the same.
     *
     * @throws FetchException.NotStored if some name nothing; all of those are in the message
     * @throws FetchException.Usage if one could mean several things
     */
    List<StoredRow> all(List<String> targets) {
        List<String> unknown =
                targets.stream().filter(target -> named(target).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            throw unknown(unknown);
        }
        return targets.stream().map(this::one).distinct().toList();
    }

    /**
     * The same, where a revision alone cannot be meant.
     *
     * @throws FetchException.Usage if one names a revision
     */
    List<CachedRepo> repositories(List<String> targets) {
        List<StoredRow> rows = all(targets);
        rows.stream().filter(row -> row.revision() != null).findFirst().ifPresent(row -> {
            throw new FetchException.Usage(
                    Message.of("one-revision", "{0} is one revision.", row.name()), Hint.plain("Name the repository."));
        });
        return rows.stream().map(StoredRow::repo).toList();
    }

    private StoredRow one(String target) {
        List<StoredRow> named = named(target);
        if (named.size() > 1) {
            String list = named.stream().map(StoredRow::name).collect(Collectors.joining(" or "));
            throw new FetchException.Usage(
                    Message.of("ambiguous", "\"{0}\" could be {1}.", target, list), Hint.plain("Write one of those."));
        }
        return named.get(0);
    }

    /** Everything that could be meant. Other programs take no notice of upper and lower case, which may be of help here. */
    private List<StoredRow> named(String target) {
        List<Name> names = names(target);
        List<StoredRow> exactly = named(target, names, String::equals);
        return exactly.isEmpty() ? named(target, names, String::equalsIgnoreCase) : exactly;
    }

    private List<StoredRow> named(String target, List<Name> names, BiPredicate<String, String> same) {
        return contents.repositories().stream()
                .flatMap(CacheNames::rows)
                .filter(row -> beginsCommit(row, target) || names.stream().anyMatch(name -> name.names(row, same)))
                .toList();
    }

    private static Stream<StoredRow> rows(CachedRepo repo) {
        return Stream.concat(
                Stream.of(new StoredRow(repo, null)),
                repo.revisions().stream().map(revision -> new StoredRow(repo, revision)));
    }

    private static boolean beginsCommit(StoredRow row, String text) {
        return row.revision() != null
                && text.length() >= SHORTEST_COMMIT
                && row.revision().commit().startsWith(text.toLowerCase(Locale.ROOT));
    }

    /** As {@code fetch cache ls} prints it, and as every other command reads it. */
    private static List<Name> names(String target) {
        if (target.isBlank()) {
            throw new FetchException.Usage("An empty name names nothing.", "List what is stored with: fetch cache ls");
        }
        int at = target.indexOf('@');
        Name plain = at < 0 ? new Name(target, null) : new Name(target.substring(0, at), target.substring(at + 1));
        Address address;
        try {
            address = Address.parse(target);
        } catch (FetchException.Usage e) {
            if (target.contains(":")) {
                // Its own words leave out what may be a password.
                throw e;
            }
            return List.of(plain);
        }
        if (address.file() != null) {
            throw new FetchException.Usage(
                    Message.of("one-file", "\"{0}\" is a file of {1}.", address.file(), address.repo()),
                    Hint.plain("Name the repository or a revision; they are kept or removed as a whole."));
        }
        return List.of(plain, new Name(key(address), address.revision()));
    }

    private static String key(Address address) {
        return address.repo().type().word() + "/" + address.repo().id();
    }

    private FetchException.NotStored unknown(List<String> targets) {
        String list = targets.stream().map(target -> "\"" + target + "\"").collect(Collectors.joining(", "));
        List<String> keys =
                contents.repositories().stream().map(CachedRepo::key).toList();
        String near = targets.stream()
                .flatMap(target -> names(target).stream())
                .flatMap(name -> Spelling.near(name.key(), keys))
                .distinct()
                .collect(Collectors.joining(", "));
        return new FetchException.NotStored(
                Message.of("nothing-called", "Nothing in {0} is called {1}.", contents.root(), list),
                near.isEmpty()
                        ? Hint.of("cache-ls", "List what is stored.")
                        : Hint.of("did-you-mean", "Did you mean " + near + "?", near));
    }
}

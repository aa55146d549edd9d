package dev.modelfetch.internal.store.cache;

import dev.modelfetch.Eviction;
import dev.modelfetch.Leftover;
import dev.modelfetch.internal.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The store of newer Python libraries, in which content that several repositories have lies once (huggingface.md 5.11). It
 * is theirs: we only take away what nobody uses any more, by their own rule.
 */
final class SharedBlobs {

    /** Its folder, beside those of the repositories. */
    static final String FOLDER = "blobs";

    private static final String MARKER = ".huggingface-shared-blobs";
    private static final String USERS = ".refs";
    private static final String LOCK = ".lock";
    /** Of a line that names a user: a repository, its blobs, one of them. */
    private static final int USER_PARTS = 3;

    private final Path root;
    private final List<Shared> all;

    /**
     * Content that several repositories may have.
     *
     * @param users blobs of repositories that are links to it; empty if it has no readable list of them, and then it stays
     * @param touched when it was stored, or found a user
     */
    private record Shared(Path path, Inode bytes, Optional<Set<Path>> users, Instant touched) {

        boolean isUnused(Set<Path> gone) {
            return users.isPresent() && gone.containsAll(users.get());
        }

        boolean isUsedByAny(Set<Path> gone) {
            return users.isPresent() && users.get().stream().anyMatch(gone::contains);
        }
    }

    private SharedBlobs(Path root, List<Shared> all) {
        this.root = root;
        this.all = all;
    }

    static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(MARKER));
    }

    /** Empty where there is none. */
    static SharedBlobs read(Path root) throws IOException {
        Path folder = root.resolve(FOLDER);
        List<Shared> all = new ArrayList<>();
        if (isOne(folder)) {
            for (Path part : Folders.entries(folder, Files::isDirectory)) {
                for (Path entry : Folders.entries(part, SharedBlobs::isContent)) {
                    all.add(shared(root, entry));
                }
            }
        }
        return new SharedBlobs(root, all);
    }

    static SharedBlobs none(Path root) {
        return new SharedBlobs(root, List.of());
    }

    private static boolean isContent(Path entry) {
        String name = entry.toString();
        return !name.endsWith(USERS) && !name.endsWith(LOCK) && Files.isRegularFile(entry);
    }

    private static Shared shared(Path root, Path entry) throws IOException {
        Inode bytes = Inode.of(entry);
        Path list = users(entry);
        try {
            Set<Path> users = new HashSet<>();
            for (String line : Files.readAllLines(list)) {
                user(root, line).filter(blob -> isLinkTo(blob, entry)).ifPresent(users::add);
            }
            Instant listed = Files.getLastModifiedTime(list).toInstant();
            Instant touched = listed.isAfter(bytes.modified()) ? listed : bytes.modified();
            return new Shared(entry, bytes, Optional.of(users), touched);
        } catch (IOException e) {
            return new Shared(entry, bytes, Optional.empty(), bytes.modified());
        }
    }

    private static Path users(Path entry) {
        return entry.resolveSibling(entry.getFileName() + USERS);
    }

    private static Optional<Path> user(Path root, String line) {
        String[] parts = line.strip().split("/", -1);
        if (parts.length != USER_PARTS || CacheName.parse(parts[0]).isEmpty() || !parts[1].equals("blobs")) {
            return Optional.empty();
        }
        try {
            Path folder = root.resolve(parts[0]).resolve(parts[1]);
            Path blob = folder.resolve(parts[2]).normalize();
            return folder.equals(blob.getParent()) ? Optional.of(blob) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean isLinkTo(Path blob, Path entry) {
        try {
            return Files.isSymbolicLink(blob) && Files.isSameFile(blob, entry);
        } catch (IOException e) {
            return false;
        }
    }

    Stream<Inode> names() {
        return all.stream().map(Shared::bytes);
    }

    /** What nobody uses. */
    List<Leftover> leftovers() {
        return all.stream()
                .filter(shared -> shared.isUnused(Set.of()))
                .map(shared -> new Leftover(
                        shared.path(),
                        Leftover.Kind.UNREFERENCED,
                        shared.bytes().size(),
                        shared.touched()))
                .toList();
    }

    /** What nobody would use any more without some blobs that go. */
    List<Eviction.Deletion> freedBy(Set<Path> gone, Ledger ledger, Staleness staleness) {
        return deletions(shared -> shared.isUnused(gone) && shared.isUsedByAny(gone), ledger, staleness);
    }

    /** The same, and what nobody uses anyway. */
    List<Eviction.Deletion> unusedWithout(Set<Path> gone, Ledger ledger, Staleness staleness) {
        return deletions(shared -> shared.isUnused(gone), ledger, staleness);
    }

    /** A user that is about to be added is not listed yet; so only what has been there for a while is judged. */
    private List<Eviction.Deletion> deletions(Predicate<Shared> unused, Ledger ledger, Staleness staleness) {
        return all.stream()
                .filter(unused)
                .filter(shared -> staleness.isAbandoned(shared.touched()))
                .map(shared -> new Eviction.Deletion(shared.path(), ledger.drop(shared.bytes())))
                .toList();
    }

    /**
     * Deletes content of which nobody is a user by now; the list of users goes last.
     *
     * @return whether that was so
     */
    boolean delete(Path entry, Bounds bounds, Staleness staleness) throws IOException {
        if (all.stream().noneMatch(shared -> shared.path().equals(entry))) {
            return false;
        }
        Shared now = shared(root, entry);
        boolean unused = now.isUnused(Set.of()) && staleness.isAbandoned(now.touched());
        if (unused) {
            bounds.delete(entry);
            bounds.delete(users(entry));
        }
        return unused;
    }
}

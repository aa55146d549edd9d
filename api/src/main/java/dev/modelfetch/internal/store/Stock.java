package dev.modelfetch.internal.store;

import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.Locks;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What takes room in a hub cache, content by content, and how single ones of it are taken away: for a depot that has to
 * make room for the next file, where whole revisions would be too much. What was read when is what the file system says of
 * it, so that every program that reads the cache counts.
 */
public final class Stock {

    private final Path root;
    private final InstantSource clock;

    /**
     * One content.
     *
     * @param path of its bytes
     * @param read when that was last done, as far as the file system knows
     */
    public record Item(Repo repo, Path path, long bytes, Instant read) {}

    /**
     * All there is at one moment.
     *
     * @param bytes with those of unfinished files
     * @param items complete ones, the least recently read first
     */
    public record Contents(long bytes, List<Item> items) {}

    /** @param root the directory that holds {@code models--…} */
    public Stock(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
    }

    /** Notes down that somebody reads it now. */
    public static void read(Path file, Instant now) {
        try {
            Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(null, FileTime.from(now), null);
        } catch (IOException | UnsupportedOperationException e) {
            // Then it goes a little earlier than it should.
        }
    }

    /** The repositories that are there. */
    public static List<Repo> repositories(Path root) {
        try {
            return Folders.entries(root, Files::isDirectory).stream()
                    .map(folder -> repo(String.valueOf(folder.getFileName())))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<Repo> repo(String folder) {
        int mark = folder.indexOf("--");
        if (mark < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Repo.of(
                    RepoType.parse(folder.substring(0, mark)),
                    folder.substring(mark + 2).replace("--", "/")));
        } catch (FetchException.Usage e) {
            return Optional.empty();
        }
    }

    /** Looks at everything. */
    public Contents contents() {
        List<Item> items = new ArrayList<>();
        long unfinished = 0;
        for (Repo repo : repositories(root)) {
            Path folder = root.resolve(HubCache.folderName(repo));
            for (Path file : files(folder)) {
                item(repo, file).ifPresent(items::add);
            }
            try {
                unfinished += Partial.begun(HubCache.own(folder)).stream()
                        .mapToLong(Partial.Begun::present)
                        .sum();
            } catch (IOException e) {
                // Nothing of it can be counted.
            }
        }
        items.sort(Comparator.comparing(Item::read).thenComparing(Item::path));
        return new Contents(unfinished + items.stream().mapToLong(Item::bytes).sum(), items);
    }

    /** Blobs, and files in snapshots that are no links. */
    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try {
            files.addAll(Folders.entries(folder.resolve("blobs"), Files::isRegularFile));
        } catch (IOException e) {
            // None yet.
        }
        try {
            Folders.filesBelow(folder.resolve("snapshots")).stream()
                    .filter(file -> !Files.isSymbolicLink(file))
                    .forEach(files::add);
        } catch (IOException e) {
            // None yet.
        }
        return files;
    }

    private static Optional<Item> item(Repo repo, Path file) {
        try {
            BasicFileAttributes known =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(
                    new Item(repo, file, known.size(), known.lastAccessTime().toInstant()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Takes one away, and with it, before it, every name that shows it and every branch that promised it.
     *
     * @return false if somebody is at work in its repository
     */
    public boolean remove(Item item) throws IOException {
        Path folder = root.resolve(HubCache.folderName(item.repo()));
        Optional<Closeable> alone = new Occupancy(root).seize(HubCache.folderName(item.repo()));
        if (alone.isEmpty()) {
            return false;
        }
        Closeable held = alone.get();
        try (held) {
            if (Locks.anyTaken(HubCache.own(folder))) {
                return false;
            }
            List<Path> names = names(folder, item.path());
            Set<String> commits = new TreeSet<>();
            names.forEach(name -> commits.add(commit(folder, name)));
            for (Path ref : refs(folder, commits)) {
                Files.deleteIfExists(ref);
            }
            for (Path name : names) {
                Files.deleteIfExists(name);
                tidyAbove(name, folder.resolve("snapshots"));
            }
            new HubCache(root, item.repo(), true, clock).forget(commits, Set.of(item.path()));
            Files.deleteIfExists(item.path());
            return true;
        }
    }

    private static List<Path> names(Path folder, Path content) throws IOException {
        Path snapshots = folder.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return List.of();
        }
        List<Path> names = new ArrayList<>();
        for (Path name : Folders.filesBelow(snapshots)) {
            if (Links.behind(name).equals(content)) {
                names.add(name);
            }
        }
        return names;
    }

    private static String commit(Path folder, Path name) {
        return String.valueOf(folder.resolve("snapshots").relativize(name).getName(0));
    }

    private static List<Path> refs(Path folder, Set<String> commits) throws IOException {
        Path refs = folder.resolve("refs");
        if (!Files.isDirectory(refs)) {
            return List.of();
        }
        List<Path> pointing = new ArrayList<>();
        for (Path ref : Folders.filesBelow(refs)) {
            if (commits.contains(Files.readString(ref).strip())) {
                pointing.add(ref);
            }
        }
        return pointing;
    }

    private static void tidyAbove(Path name, Path end) {
        try {
            for (Path above = name.getParent(); above != null && !above.equals(end); above = above.getParent()) {
                Files.delete(above);
            }
        } catch (IOException e) {
            // There is something in it.
        }
    }
}

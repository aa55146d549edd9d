package dev.modelfetch.internal.store.cache;

import dev.modelfetch.CacheWarning;
import dev.modelfetch.CacheWarning.Kind;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Leftover;
import dev.modelfetch.Manifest;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.cache.RepoFolder.Blob;
import dev.modelfetch.internal.store.cache.RepoFolder.Snapshot;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the folder of one repository (huggingface.md 5.2, 5.10). What cannot be read becomes a warning. */
final class RepoReader {

    /** What file managers leave everywhere. */
    static final Set<String> LITTER = Set.of(".DS_Store", "Thumbs.db", "desktop.ini");

    private static final Pattern REF_IN_THE_MAKING = Pattern.compile(".*\\.[0-9a-f]{8}\\.tmp");
    /** A commit is 40 letters; whatever is longer is none. */
    private static final int LONGEST_REF = 1_000;

    private final CacheName name;
    private final Path folder;
    private final Bounds bounds;
    private final Optional<HubCache> ours;
    private final List<CacheWarning> warnings = new ArrayList<>();
    private final List<Leftover> leftovers = new ArrayList<>();
    private final Map<Path, Blob> blobs = new LinkedHashMap<>();
    private final Map<Path, Instant> blobTimes = new HashMap<>();
    private final Map<String, String> refs = new TreeMap<>();

    private RepoReader(CacheName name, Path root, Bounds bounds, InstantSource clock) {
        this.name = name;
        this.folder = root.resolve(name.folder());
        this.bounds = bounds;
        this.ours = name.repo().map(repo -> new HubCache(root, repo, true, clock));
    }

    /** Empty if it is not there any more. */
    static Optional<RepoFolder> read(CacheName name, Path root, Bounds bounds, InstantSource clock) {
        return new RepoReader(name, root, bounds, clock).read();
    }

    private Optional<RepoFolder> read() {
        Instant made;
        try {
            made = Files.getLastModifiedTime(folder).toInstant();
        } catch (IOException e) {
            return Optional.empty();
        }
        boolean inside = isInside(folder);
        boolean blobsInside = inside && isInside(folder.resolve("blobs"));
        readBlobs(folder.resolve("blobs"));
        readRefs(folder.resolve("refs"));
        List<Snapshot> snapshots = snapshots(folder.resolve("snapshots"), inside);
        addUnreferenced(snapshots);
        addOurs(HubCache.own(folder));
        leftovers.sort(Comparator.comparing(Leftover::path));
        return Optional.of(new RepoFolder(
                repo(snapshots, made), inside, snapshots, blobsInside ? List.copyOf(blobs.values()) : List.of()));
    }

    private CachedRepo repo(List<Snapshot> snapshots, Instant made) {
        Map<Object, Long> sizes = new HashMap<>();
        snapshots.forEach(snapshot -> sizes.putAll(snapshot.sizes()));
        List<CachedRevision> revisions = snapshots.stream()
                .map(Snapshot::revision)
                .sorted(Comparator.comparing(CachedRevision::lastModified).reversed())
                .toList();
        return new CachedRepo(
                name.type(),
                name.id(),
                folder,
                sizes.values().stream().mapToLong(size -> size).sum(),
                sizes.size(),
                SnapshotReader.latest(revisions.stream().map(CachedRevision::lastAccessed), made),
                SnapshotReader.latest(revisions.stream().map(CachedRevision::lastModified), made),
                refs,
                revisions,
                leftovers,
                warnings);
    }

    private void readBlobs(Path from) {
        for (Path entry : entries(from)) {
            String called = String.valueOf(entry.getFileName());
            boolean made = called.endsWith(".incomplete") || called.endsWith(".shared");
            try {
                if (made || called.startsWith(AtomicFile.TEMPORARY)) {
                    addLeftover(entry, made ? Leftover.Kind.INCOMPLETE : Leftover.Kind.TEMPORARY);
                } else if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    boolean link = Files.isSymbolicLink(entry);
                    blobTimes.put(
                            entry,
                            Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
                                    .toInstant());
                    blobs.put(entry, new Blob(entry, link ? null : Inode.of(entry)));
                }
            } catch (IOException e) {
                failed(entry, e);
            }
        }
    }

    private void readRefs(Path from) {
        if (!Files.isDirectory(from)) {
            return;
        }
        try {
            for (Path file : Folders.filesBelow(from)) {
                String ref = from.relativize(file)
                        .toString()
                        .replace(from.getFileSystem().getSeparator(), "/");
                if (!LITTER.contains(String.valueOf(file.getFileName()))
                        && !REF_IN_THE_MAKING.matcher(ref).matches()) {
                    commit(file).ifPresentOrElse(commit -> refs.put(ref, commit), () -> warn(file, Kind.BAD_REF, ""));
                }
            }
        } catch (IOException e) {
            failed(from, e);
        }
    }

    private static Optional<String> commit(Path ref) {
        try {
            String text =
                    Files.size(ref) > LONGEST_REF ? "" : Files.readString(ref).strip();
            return Optional.of(text).filter(Manifest::isCommit);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Snapshot> snapshots(Path from, boolean folderInside) {
        List<Snapshot> snapshots = new ArrayList<>();
        if (!Files.isDirectory(from)) {
            warn(folder, Kind.NO_SNAPSHOTS, "");
            return snapshots;
        }
        boolean inside = folderInside && isInside(from);
        SnapshotReader reader = new SnapshotReader(folder.resolve("blobs"), blobs, ours, warnings);
        for (Path entry : entries(from)) {
            String commit = String.valueOf(entry.getFileName());
            if (!Files.isDirectory(entry)) {
                if (!LITTER.contains(commit)) {
                    warn(entry, Kind.NOT_A_REVISION, "");
                }
                continue;
            }
            try {
                boolean deletable = inside && !Files.isSymbolicLink(entry);
                snapshots.add(reader.read(entry, refsTo(commit), deletable));
            } catch (IOException e) {
                failed(entry, e);
            }
        }
        Set<String> there = snapshots.stream().map(Snapshot::commit).collect(Collectors.toSet());
        refs.forEach((ref, commit) -> {
            if (!there.contains(commit)) {
                warn(folder.resolve("refs").resolve(ref), Kind.DANGLING_REF, commit);
            }
        });
        return snapshots;
    }

    private List<String> refsTo(String commit) {
        return refs.entrySet().stream()
                .filter(ref -> ref.getValue().equals(commit))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void addUnreferenced(List<Snapshot> snapshots) {
        Set<Path> referred =
                snapshots.stream().flatMap(each -> each.blobs().stream()).collect(Collectors.toSet());
        for (Blob blob : blobs.values()) {
            if (!referred.contains(blob.path())) {
                long bytes = blob.own().map(Inode::size).orElse(0L);
                leftovers.add(new Leftover(
                        blob.path(),
                        Leftover.Kind.UNREFERENCED,
                        bytes,
                        Objects.requireNonNull(blobTimes.get(blob.path()))));
            }
        }
    }

    private void addOurs(Path own) {
        if (!Files.isDirectory(own)) {
            return;
        }
        try {
            for (Partial.Begun begun : Partial.begun(own)) {
                leftovers.add(new Leftover(begun.data(), Leftover.Kind.PARTIAL, begun.present(), begun.touched()));
            }
        } catch (IOException e) {
            failed(own, e);
            return;
        }
        for (Path entry : entries(own)) {
            String called = String.valueOf(entry.getFileName());
            if (called.startsWith(AtomicFile.TEMPORARY) || Partial.isPrivateName(called)) {
                try {
                    addLeftover(entry, Leftover.Kind.TEMPORARY);
                } catch (IOException e) {
                    failed(entry, e);
                }
            }
        }
    }

    private void addLeftover(Path path, Leftover.Kind kind) throws IOException {
        Instant modified =
                Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
        leftovers.add(new Leftover(path, kind, bytesBelow(path), modified));
    }

    /** Of a file, or of a revision that was moved aside to be deleted. */
    private static long bytesBelow(Path path) throws IOException {
        long bytes = 0;
        for (Path file :
                Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? Folders.filesBelow(path) : List.of(path)) {
            bytes += Files.isSymbolicLink(file) ? 0 : Files.size(file);
        }
        return bytes;
    }

    private boolean isInside(Path part) {
        if (!Files.isDirectory(part)) {
            return true;
        }
        boolean inside = bounds.hold(part);
        if (!inside) {
            warn(part, Kind.OUTSIDE, "");
        }
        return inside;
    }

    private List<Path> entries(Path of) {
        if (!Files.isDirectory(of)) {
            return List.of();
        }
        try {
            return Folders.entries(of, any -> true).stream().sorted().toList();
        } catch (IOException e) {
            failed(of, e);
            return List.of();
        }
    }

    private void failed(Path path, IOException e) {
        // Whatever went away meanwhile is no longer there to be shown.
        if (!(e instanceof NoSuchFileException)) {
            warn(path, Kind.UNREADABLE, e.getMessage());
        }
    }

    private void warn(Path path, Kind kind, @Nullable String detail) {
        warnings.add(new CacheWarning(path, kind, Objects.requireNonNullElse(detail, "")));
    }
}

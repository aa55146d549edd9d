package dev.modelfetch.internal.store.cache;

import dev.modelfetch.CacheWarning;
import dev.modelfetch.CacheWarning.Kind;
import dev.modelfetch.CachedFile;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.StoredFile;
import dev.modelfetch.internal.store.cache.RepoFolder.Blob;
import dev.modelfetch.internal.store.cache.RepoFolder.Snapshot;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one revision: links to blobs, or the files themselves where there are no links. */
final class SnapshotReader {

    /** What is known of the repository it belongs to. */
    private final Map<Path, Blob> blobs;

    private final Map<Object, Path> blobsByBytes = new HashMap<>();
    private final Path blobFolder;
    private final Optional<HubCache> ours;
    private final List<CacheWarning> warnings;
    /** Most links lead into the same folder. */
    private final Map<Path, Boolean> blobFolders = new HashMap<>();

    SnapshotReader(Path blobFolder, Map<Path, Blob> blobs, Optional<HubCache> ours, List<CacheWarning> warnings) {
        this.blobFolder = blobFolder;
        this.blobs = blobs;
        this.ours = ours;
        this.warnings = warnings;
        blobs.values()
                .forEach(blob -> blob.own().ifPresent(bytes -> blobsByBytes.putIfAbsent(bytes.key(), blob.path())));
    }

    /**
     * @param refs that point to it
     * @param deletable whether the folder is inside the cache
     */
    Snapshot read(Path root, List<String> refs, boolean deletable) throws IOException {
        Instant made = Files.getLastModifiedTime(root).toInstant();
        String commit = String.valueOf(root.getFileName());
        Reading reading = new Reading(Files.isSymbolicLink(root) ? root.toRealPath() : root);
        Files.walkFileTree(reading.root, reading);
        reading.files.sort(Comparator.comparing(CachedFile::path));
        Optional<Manifest> listed = ours.flatMap(cache -> cache.listed(commit));
        Optional<Instant> noted = ours.flatMap(cache -> cache.lastUse(commit));
        CachedRevision revision = new CachedRevision(
                commit,
                root,
                refs,
                reading.files,
                reading.sizes.values().stream().mapToLong(size -> size).sum(),
                latest(Stream.concat(reading.files.stream().map(CachedFile::lastAccessed), noted.stream()), made),
                latest(reading.files.stream().map(CachedFile::lastModified), made),
                listed.map(Manifest::source).filter(source -> !source.equals("cache")),
                missing(listed, reading.files));
        return new Snapshot(revision, reading.used, deletable ? reading.bytes : List.of(), reading.sizes);
    }

    static Instant latest(Stream<Instant> times, Instant ifNone) {
        return times.max(Comparator.naturalOrder()).orElse(ifNone);
    }

    private static OptionalInt missing(Optional<Manifest> listed, List<CachedFile> files) {
        if (listed.isEmpty() || !listed.get().complete()) {
            return OptionalInt.empty();
        }
        Set<String> there = files.stream().map(CachedFile::path).collect(Collectors.toSet());
        return OptionalInt.of((int) listed.get().files().stream()
                .map(RepoFile::path)
                .filter(path -> !there.contains(path))
                .count());
    }

    private void warn(Path path, Kind kind, @Nullable String detail) {
        warnings.add(new CacheWarning(path, kind, Objects.requireNonNullElse(detail, "")));
    }

    /** One walk through one revision. */
    private final class Reading extends SimpleFileVisitor<Path> {

        private final Path root;
        private final List<CachedFile> files = new ArrayList<>();
        private final Set<Path> used = new HashSet<>();
        private final List<Inode> bytes = new ArrayList<>();
        private final Map<Object, Long> sizes = new HashMap<>();

        Reading(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes seen) {
            try {
                if (Files.isRegularFile(file)) {
                    add(file, seen.isSymbolicLink());
                } else if (seen.isSymbolicLink() && !Files.exists(file)) {
                    warn(file, Kind.BROKEN_LINK, Files.readSymbolicLink(file).toString());
                }
            } catch (IOException e) {
                failed(file, e);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) {
                throw e;
            }
            failed(file, e);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
            if (e != null) {
                failed(folder, e);
            }
            return FileVisitResult.CONTINUE;
        }

        private void failed(Path file, IOException e) {
            // Whatever went away meanwhile is no longer part of it.
            if (!(e instanceof NoSuchFileException)) {
                warn(file, Kind.UNREADABLE, e.getMessage());
            }
        }

        private void add(Path file, boolean link) throws IOException {
            Inode content = Inode.of(file);
            Path shown = link ? blob(file) : file;
            Path blob = blobs.containsKey(shown) ? shown : blobsByBytes.get(content.key());
            if (blob != null) {
                used.add(blob);
            }
            if (!link) {
                bytes.add(content);
            }
            sizes.put(content.key(), content.size());
            Optional<StoredFile> known = ours.isPresent() ? ours.get().recorded(shown) : Optional.empty();
            files.add(new CachedFile(
                    root.relativize(file)
                            .toString()
                            .replace(root.getFileSystem().getSeparator(), "/"),
                    shown,
                    content.size(),
                    content.used(),
                    content.modified(),
                    known.map(StoredFile::from).orElse(List.of()),
                    known.map(StoredFile::verified)));
        }

        /** What a link shows, by the name that the repository has for it if it is one of its blobs. */
        private Path blob(Path link) throws IOException {
            Path shown = HubCache.behind(link);
            if (shown.equals(link)) {
                return link.toRealPath();
            }
            Path above = shown.getParent();
            boolean ofThisRepository = above != null && blobFolders.computeIfAbsent(above, this::isBlobFolder);
            return ofThisRepository ? blobFolder.resolve(shown.getFileName()) : shown;
        }

        private boolean isBlobFolder(Path above) {
            try {
                return Files.isSameFile(above, blobFolder);
            } catch (IOException e) {
                return false;
            }
        }
    }
}

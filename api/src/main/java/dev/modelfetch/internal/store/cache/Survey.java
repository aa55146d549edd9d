package dev.modelfetch.internal.store.cache;

import dev.modelfetch.CacheContents;
import dev.modelfetch.CacheWarning;
import dev.modelfetch.CacheWarning.Kind;
import dev.modelfetch.Leftover;
import dev.modelfetch.internal.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything in a cache as it was at one moment.
 *
 * @param root absolute
 */
record Survey(Path root, Instant at, List<RepoFolder> folders, SharedBlobs shared, List<CacheWarning> warnings) {

    /** What belongs into a cache and is no repository (huggingface.md 5.10). */
    private static final Set<String> KNOWN = Set.of(".locks", "CACHEDIR.TAG");

    /** Looks at everything; writes nothing. */
    static Survey of(Path root, InstantSource clock) throws IOException {
        List<RepoFolder> folders = new ArrayList<>();
        List<CacheWarning> warnings = new ArrayList<>();
        if (Files.exists(root)) {
            Bounds bounds = Bounds.of(root);
            for (Path entry :
                    Folders.entries(root, any -> true).stream().sorted().toList()) {
                Optional<CacheName> name = CacheName.parse(String.valueOf(entry.getFileName()));
                if (name.isPresent() && Files.isDirectory(entry)) {
                    RepoReader.read(name.get(), root, bounds, clock).ifPresent(folders::add);
                } else if (!isKnown(entry)) {
                    warnings.add(new CacheWarning(entry, Kind.NOT_A_REPOSITORY, ""));
                }
            }
        }
        folders.sort(Comparator.comparing(folder -> folder.repo().key()));
        return new Survey(root, clock.instant(), folders, shared(root, warnings), warnings);
    }

    private static boolean isKnown(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return KNOWN.contains(name)
                || RepoReader.LITTER.contains(name)
                || (name.equals(SharedBlobs.FOLDER) && SharedBlobs.isOne(entry));
    }

    private static SharedBlobs shared(Path root, List<CacheWarning> warnings) {
        try {
            return SharedBlobs.read(root);
        } catch (IOException e) {
            @Nullable String said = e.getMessage();
            warnings.add(new CacheWarning(
                    root.resolve(SharedBlobs.FOLDER), Kind.UNREADABLE, Objects.requireNonNullElse(said, "")));
            return SharedBlobs.none(root);
        }
    }

    CacheContents contents() {
        return new CacheContents(
                root, bytes(), folders.stream().map(RepoFolder::repo).toList(), shared.leftovers(), warnings);
    }

    /** On the disk, each counted once. */
    long bytes() {
        Map<Object, Long> sizes = new HashMap<>();
        names().forEach(inode -> sizes.put(inode.key(), inode.size()));
        return sizes.values().stream().mapToLong(size -> size).sum()
                + folders.stream()
                        .flatMap(RepoFolder::unfinished)
                        .mapToLong(Leftover::bytes)
                        .sum();
    }

    Ledger ledger() {
        return new Ledger(names());
    }

    private Stream<Inode> names() {
        return Stream.concat(folders.stream().flatMap(RepoFolder::names), shared.names());
    }
}

package dev.modelfetch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a job stored, or found stored. Every file in it is complete and was compared with its digest, as {@link Item#verified()} says.
 *
 * @param repo as asked for
 * @param revision as asked for, else the default branch of the source
 * @param commit it resolved to
 * @param family hub family whose commit that is
 * @param root absolute path of the directory that holds the files, at their paths in the repository
 * @param path {@code root}, or the file when exactly one was asked for
 * @param source whose manifest was used; {@code cache} when no source was asked
 * @param identity whether the manifest is known to be of the repository asked for
 * @param elapsed from start to end
 * @param bytesFetched received and kept, over the network
 * @param bytesReused found on disk
 * @param files selected files in listing order
 * @param probes what every source said; empty when none was asked
 */
public record Snapshot(
        Repo repo,
        String revision,
        String commit,
        String family,
        Path root,
        Path path,
        String source,
        Identity identity,
        Duration elapsed,
        long bytesFetched,
        long bytesReused,
        List<Item> files,
        List<Probe> probes) {

    /**
     * One file.
     *
     * @param path in the repository
     * @param size in bytes
     * @param sha256 64 hex digits, of the bytes that are stored
     * @param from every source that contributed bytes; {@code cache} alone when another program had stored it
     * @param verified who vouches for it
     * @param reused whether it had been there before
     */
    public record Item(
            String path, long size, String sha256, List<String> from, Verification verified, boolean reused) {
        /** @throws IllegalArgumentException on a negative size, an empty path, or what is no SHA-256 */
        public Item {
            if (size < 0 || path.isEmpty() || !Digest.isSha256(sha256)) {
                throw new IllegalArgumentException("bad file: \"" + path + "\", " + size + " bytes, " + sha256);
            }
            from = List.copyOf(from);
        }
    }

    public Snapshot {
        files = List.copyOf(files);
        probes = List.copyOf(probes);
    }

    /**
     * Where one of the files is.
     *
     * @param pathInRepo as in {@link Item#path()}
     * @throws FetchException.NotFound if it is not among {@link #files()}
     */
    public Path file(String pathInRepo) {
        if (files.stream().noneMatch(item -> item.path().equals(pathInRepo))) {
            throw new FetchException.NotFound(
                    Message.of("not-in-snapshot", "There is no file {0} in the snapshot of {1}.", pathInRepo, repo),
                    Hint.plain("Ask for it in the request, or look at what the snapshot holds."));
        }
        return root.resolve(pathInRepo);
    }
}

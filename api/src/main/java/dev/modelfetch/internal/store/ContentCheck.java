package dev.modelfetch.internal.store;

import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.file.StorageErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Decides whether a file on disk is the one a manifest names, hashing it only when no record speaks for it. */
final class ContentCheck {

    /** Bytes that are what they should be. */
    record Proof(Content content, List<String> from, Verification verified) {
        StoredFile at(Path path) {
            return new StoredFile(path, content.sha256(), from, verified);
        }
    }

    private final Path folder;
    private final Provenance provenance;
    private final String commit;
    private final InstantSource clock;

    /** @param folder absolute; files in the record are named relative to it */
    ContentCheck(Path folder, Provenance provenance, String commit, InstantSource clock) {
        this.folder = folder;
        this.provenance = provenance;
        this.commit = commit;
        this.clock = clock;
    }

    /**
     * The proof, if the file has the length and every digest of the row.
     *
     * @param itsPlace whether the file is where exactly this row belongs; enough for a row without digests
     * @param hashed as in {@link SnapshotStore#find(RepoFile, Verification, IntConsumer)}
     */
    Optional<Proof> of(Path candidate, RepoFile row, Verification vouched, boolean itsPlace, IntConsumer hashed)
            throws IOException {
        if (row.digest().isEmpty() && !itsPlace) {
            return Optional.empty();
        }
        Optional<BasicFileAttributes> now = attributes(candidate, row);
        if (now.isEmpty()) {
            return Optional.empty();
        }
        Optional<ProvenanceLine> line = line(candidate, now.get());
        Optional<Content> recorded = line.flatMap(ProvenanceLine::content)
                .filter(content -> !Digests.needsGit(row) || content.gitBlob() != null);
        if (line.isPresent() && recorded.isPresent()) {
            return Optional.of(new Proof(
                            recorded.get(), line.get().from(), line.get().level()))
                    .filter(proof -> proof.content().satisfies(row));
        }
        Content content = Digests.of(candidate, Digests.needsGit(row), hashed);
        if (!content.satisfies(row)) {
            return Optional.empty();
        }
        Proof proof = new Proof(content, ProvenanceLine.FOUND, row.digest().isEmpty() ? Verification.SIZE : vouched);
        rememberIfPossible(candidate, row, proof);
        return Optional.of(proof);
    }

    /** The record of a file, if it still has the length and time of then. */
    Optional<ProvenanceLine> line(Path file) throws IOException {
        return line(file, Files.readAttributes(file, BasicFileAttributes.class));
    }

    /** Whether {@link #of} is likely to find a proof, by length and record alone. */
    boolean seems(Path candidate, RepoFile row) throws IOException {
        Optional<BasicFileAttributes> now = attributes(candidate, row);
        Optional<ProvenanceLine> line = now.flatMap(found -> line(candidate, found));
        return now.isPresent()
                && (line.isEmpty()
                        || line.get()
                                .content()
                                .filter(known -> known.mayBe(row))
                                .isPresent());
    }

    /** Whether this program stored or recognised the file as it looks now, even if it has rotted since. */
    boolean isOurs(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return provenance.stored(nameOf(file), state(now));
    }

    private Optional<ProvenanceLine> line(Path file, BasicFileAttributes now) {
        return provenance.of(nameOf(file), state(now));
    }

    private static ProvenanceLine.State state(BasicFileAttributes now) {
        return new ProvenanceLine.State(now.size(), now.lastModifiedTime().toMillis());
    }

    /** How a file of the right length looks. */
    private static Optional<BasicFileAttributes> attributes(Path file, RepoFile row) {
        if (!Files.isRegularFile(file)) {
            // The same without the price of an exception, which most files cost before they are fetched.
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class))
                    .filter(found -> found.size() == row.size());
        } catch (IOException e) {
            // Not there, or as good as not there.
            return Optional.empty();
        }
    }

    /** Records a file that is about to get, or has, the given name. */
    void remember(Path file, long modified, RepoFile row, Proof proof) throws IOException {
        provenance.append(ProvenanceLine.of(
                clock.instant(),
                row.path(),
                commit,
                nameOf(file),
                row.size(),
                modified,
                proof.content(),
                proof.from(),
                proof.verified()));
    }

    /**
     * Records that the content of a file, as it looks now, is not to be believed; once is enough. Where nothing may be
     * written, nothing could replace the file either.
     */
    void distrust(Path file, RepoFile row) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        if (line(file, now).filter(line -> !line.isTrusting()).isPresent()) {
            return;
        }
        try {
            provenance.append(ProvenanceLine.of(
                    clock.instant(),
                    row.path(),
                    commit,
                    nameOf(file),
                    now.size(),
                    now.lastModifiedTime().toMillis(),
                    null,
                    List.of(),
                    Verification.SIZE));
        } catch (IOException e) {
            if (!StorageErrors.isReadOnly(e)) {
                throw e;
            }
        }
    }

    private void rememberIfPossible(Path candidate, RepoFile row, Proof proof) throws IOException {
        try {
            remember(candidate, Files.getLastModifiedTime(candidate).toMillis(), row, proof);
        } catch (IOException e) {
            // A cache one can only read, or that is full, is still a cache, and so is one whose notes are damaged.
            if (!StorageErrors.takesNothing(e) && !StorageErrors.isOfTheName(e)) {
                throw e;
            }
        }
    }

    private String nameOf(Path file) {
        return folder.relativize(file).toString().replace(folder.getFileSystem().getSeparator(), "/");
    }
}

package dev.modelfetch.it.sample;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory of models, for instance on a share. What belongs to {@code owner/name} is named by the file {@code
 * SHA256SUMS} in the folder of that name, as {@code sha256sum} writes it. The package page of the SPI shows this class.
 */
// example begins
final class DirectorySource implements ModelSource {

    private final SourceProfile profile;
    private final Path root;

    DirectorySource(SourceContext context) {
        this.profile = SourceProfile.of(context);
        this.root = Path.of(context.endpoint());
    }

    @Override
    public SourceProfile profile() {
        return profile;
    }

    @Override
    public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
        Resolved present = Resolved.ofListing(repo, "main", rows(repo));
        if (revision == null || revision.equals("main") || revision.equals(present.commit())) {
            return present;
        }
        throw SourceException.notHere(What.REVISION, "has only the present state");
    }

    @Override
    public Manifest list(Resolved resolved) throws SourceException {
        List<RepoFile> rows = rows(resolved.repo());
        if (Resolved.ofListing(resolved.repo(), resolved.revision(), rows).equals(resolved)) {
            return resolved.manifest(profile, rows);
        }
        throw SourceException.notHere(What.REVISION, "has changed a moment ago");
    }

    @Override
    public Optional<ByteStream> open(Manifest manifest, RepoFile file, ByteRange range) throws IOException {
        FileChannel channel = FileChannel.open(folder(manifest.repo()).resolve(file.path()));
        channel.position(range.from());
        return Optional.of(ByteStream.of(range, Channels.newInputStream(channel)));
    }

    private List<RepoFile> rows(Repo repo) throws SourceException {
        Path folder = folder(repo);
        List<RepoFile> rows = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(folder.resolve("SHA256SUMS"))) {
                String path = line.substring(66);
                rows.add(RepoFile.of(path, Files.size(folder.resolve(path))).withSha256(line.substring(0, 64)));
            }
            return rows;
        } catch (NoSuchFileException e) {
            throw SourceException.notHere(What.REPOSITORY, "has no " + e.getFile());
        } catch (IOException e) {
            throw SourceException.of(e, folder.toString());
        }
    }

    private Path folder(Repo repo) {
        return root.resolve(repo.toString());
    }
}
// example ends

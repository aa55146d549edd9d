package consumer;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A source of one's own: files by repository and path, as an SDK of an object store might hand them out. */
public final class ShelfProvider implements ModelSourceProvider {

    private final Map<String, Map<String, byte[]>> shelf = new ConcurrentHashMap<>();

    public void put(String repository, String path, byte[] bytes) {
        shelf.computeIfAbsent(repository, name -> new ConcurrentHashMap<>()).put(path, bytes);
    }

    @Override
    public String id() {
        return "shelf";
    }

    @Override
    public String defaultEndpoint() {
        return "shelf://top";
    }

    @Override
    public ModelSource create(SourceContext context) {
        SourceProfile profile = SourceProfile.of(context);
        return new ModelSource() {
            @Override
            public SourceProfile profile() {
                return profile;
            }

            @Override
            public Resolved resolve(Repo repo, String revision) throws SourceException {
                Resolved present = Resolved.ofListing(repo, "main", rows(repo));
                if (revision == null || revision.equals("main") || revision.equals(present.commit())) {
                    return present;
                }
                throw SourceException.notHere(Verdict.What.REVISION, "has only the present state");
            }

            @Override
            public Manifest list(Resolved resolved) throws SourceException {
                return resolved.manifest(profile, rows(resolved.repo()));
            }

            @Override
            public Optional<ByteStream> open(Manifest manifest, RepoFile file, ByteRange range) throws SourceException {
                byte[] bytes = files(manifest.repo()).get(file.path());
                if (bytes == null) {
                    throw SourceException.notHere(Verdict.What.FILE, "has no such file");
                }
                return Optional.of(ByteStream.of(
                        range, new ByteArrayInputStream(bytes, (int) range.from(), (int) range.length())));
            }
        };
    }

    private Map<String, byte[]> files(Repo repo) throws SourceException {
        Map<String, byte[]> files = shelf.get(repo.toString());
        if (files == null) {
            throw SourceException.notHere(Verdict.What.REPOSITORY, "has no such repository");
        }
        return files;
    }

    private List<RepoFile> rows(Repo repo) throws SourceException {
        return files(repo).entrySet().stream()
                .map(file -> RepoFile.of(file.getKey(), file.getValue().length).withSha256(sha256(file.getValue())))
                .toList();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

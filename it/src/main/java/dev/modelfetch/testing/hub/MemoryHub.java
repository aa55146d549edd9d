package dev.modelfetch.testing.hub;

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
import dev.modelfetch.spi.Trust;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A hub in the memory of a test: no server, no connection, and the engine in front of it is the real one, so that a
 * service meets the same snapshots, events and failures as later on.
 *
 * <pre>{@code
 * MemoryHub hub = MemoryHub.of(Repository.model("acme/tiny").file("config.json", "{}"));
 * try (Modelfetch modelfetch = Modelfetch.builder()
 *         .withoutDiscovery()
 *         .provider(hub)
 *         .cacheDirectory(temporary)
 *         .build()) {
 *     // ... what is tested fetches acme/tiny ...
 *     hub.fails(new Verdict.Limited(Duration.ofSeconds(5), "too many requests"));
 *     hub.hold(); // ... and whoever fetches sees no byte until hub.release() ...
 * }
 * }</pre>
 *
 * <p>It stands for a hub where repositories are born, and knows the Hub's spelling of names. Nobody needs a token.
 * Thread-safe.
 */
public final class MemoryHub implements ModelSourceProvider {

    private static final String HEAD = "main";

    private final String id;
    private final Catalogue catalogue = new Catalogue();
    private final Gate gate = new Gate();
    private final Queue<String> opened = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Verdict trouble;

    private MemoryHub(String id) {
        this.id = id;
    }

    /** The only source of a test. */
    public static MemoryHub of(Repository... repositories) {
        return named("memory", repositories);
    }

    /**
     * One of several sources of a test, or one in place of a real one.
     *
     * @param id as in {@link ModelSourceProvider#id()}
     */
    public static MemoryHub named(String id, Repository... repositories) {
        MemoryHub hub = new MemoryHub(id);
        for (Repository repository : repositories) {
            hub.put(repository);
        }
        return hub;
    }

    /** Adds a repository, or moves its branches on; earlier commits stay. */
    public void put(Repository repository) {
        catalogue.put(repository);
    }

    /** From now on it has nothing else to say. */
    public void fails(Verdict verdict) {
        trouble = verdict;
    }

    /** It answers again. */
    public void recovers() {
        trouble = null;
    }

    /** Hands out no more bytes; whoever has begun to read waits, too. */
    public void hold() {
        gate.shut();
    }

    /** Hands them out again. */
    public void release() {
        gate.open();
    }

    /** Paths of the files it was asked to open, in order; large ones may be opened piece by piece. */
    public List<String> opened() {
        return List.copyOf(opened);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String defaultEndpoint() {
        return "memory://" + id;
    }

    @Override
    public ModelSource create(SourceContext context) {
        return new Source(
                SourceProfile.of(context).withFamily(SourceProfile.HUB).withTrust(Trust.ORIGIN));
    }

    private final class Source implements ModelSource {

        private final SourceProfile profile;

        Source(SourceProfile profile) {
            this.profile = profile;
        }

        @Override
        public SourceProfile profile() {
            return profile;
        }

        @Override
        public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
            String wanted = revision == null ? HEAD : revision;
            return Resolved.of(repo, wanted, commit(repo, wanted).id());
        }

        @Override
        public Manifest list(Resolved resolved) throws SourceException {
            return resolved.manifest(
                    profile,
                    commit(resolved.repo(), resolved.commit()).files().values().stream()
                            .map(MemoryHub::row)
                            .toList());
        }

        @Override
        public Optional<ByteStream> open(Manifest manifest, RepoFile file, ByteRange range) throws SourceException {
            Content content = commit(manifest.repo(), manifest.commit())
                    .file(file.path())
                    .map(StoredFile::content)
                    .orElseThrow(() -> SourceException.notHere(Verdict.What.FILE, "has no such file"));
            opened.add(file.path());
            return Optional.of(ByteStream.of(range, gate.behind(content, range.from(), range.to())));
        }
    }

    private Commit commit(Repo repo, String revision) throws SourceException {
        Verdict said = trouble;
        if (said != null) {
            throw new SourceException(said);
        }
        Repository repository = catalogue
                .find(repo.type(), repo.id())
                .orElseThrow(() -> SourceException.notHere(Verdict.What.REPOSITORY, "has no such repository"));
        return catalogue
                .commit(repository, revision, HEAD)
                .orElseThrow(() -> SourceException.notHere(Verdict.What.REVISION, "has no such revision"));
    }

    private static RepoFile row(StoredFile file) {
        return RepoFile.of(file.path(), file.content().size())
                .withSha256(file.content().sha256());
    }
}

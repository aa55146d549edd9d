package dev.modelfetch.cli.screen;

import dev.modelfetch.CacheContents;
import dev.modelfetch.CacheWarning;
import dev.modelfetch.CachedFile;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Eviction;
import dev.modelfetch.Leftover;
import dev.modelfetch.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Caches that tests show, made short to write. What they hold was last touched some days before noon. */
public final class CacheSamples {

    public static final Path ROOT = Path.of("/hub");

    private CacheSamples() {}

    /** One that another program stored. */
    public static CachedRevision revision(String commit, long size, int days, String... refs) {
        return revision(commit, size, days, Optional.empty(), Optional.empty(), refs);
    }

    /** One that we stored. */
    public static CachedRevision ours(String commit, long size, String source, Verification verified, String... refs) {
        return revision(commit, size, 0, Optional.of(source), Optional.of(verified), refs);
    }

    private static CachedRevision revision(
            String commit,
            long size,
            int days,
            Optional<String> source,
            Optional<Verification> verified,
            String... refs) {
        var time = Samples.NOON.minus(Duration.ofDays(days));
        Path path = ROOT.resolve("snapshots").resolve(commit);
        CachedFile file = new CachedFile("model.bin", path.resolve("model.bin"), size, time, time, List.of(), verified);
        return new CachedRevision(
                commit, path, List.of(refs), List.of(file), size, time, time, source, OptionalInt.empty());
    }

    /** @param key for example {@code model/lab/tiny} */
    public static CachedRepo repo(String key, CachedRevision... revisions) {
        return repo(key, List.of(), revisions);
    }

    public static CachedRepo repo(String key, List<Leftover> leftovers, CachedRevision... revisions) {
        Map<String, String> refs = new TreeMap<>();
        var time = Samples.NOON.minus(Duration.ofDays(400));
        var last = time;
        long size = 0;
        for (CachedRevision revision : revisions) {
            revision.refs().forEach(ref -> refs.put(ref, revision.commit()));
            last = revision.lastModified().isAfter(last) ? revision.lastModified() : last;
            size += revision.size();
        }
        int slash = key.indexOf('/');
        return new CachedRepo(
                key.substring(0, slash),
                key.substring(slash + 1),
                ROOT.resolve(key.replace("/", "--")),
                size,
                revisions.length,
                last,
                last,
                refs,
                List.of(revisions),
                leftovers,
                List.of());
    }

    public static CacheContents contents(CachedRepo... repositories) {
        long bytes = List.of(repositories).stream().mapToLong(CachedRepo::size).sum();
        return new CacheContents(ROOT, bytes, List.of(repositories), List.of(), List.of());
    }

    public static CacheContents with(CacheContents contents, CacheWarning... warnings) {
        return new CacheContents(
                contents.root(), contents.bytes(), contents.repositories(), contents.leftovers(), List.of(warnings));
    }

    public static Leftover leftover(Leftover.Kind kind, long bytes) {
        return new Leftover(ROOT.resolve(kind.word()), kind, bytes, Samples.NOON);
    }

    /** That all of a repository would go. */
    public static Eviction.Share whole(CachedRepo repo) {
        return new Eviction.Share(
                repo, true, repo.revisions(), List.of(new Eviction.Deletion(repo.path(), repo.size())));
    }
}

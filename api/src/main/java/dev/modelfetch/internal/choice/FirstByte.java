package dev.modelfetch.internal.choice;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.Trail;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/** Asks a source for one byte of a repository, to see which host sends it: that is known only by asking. */
public final class FirstByte {

    private final Source source;
    private final HttpUrl endpoint;
    private final long untilNanos;

    /** @param most for all of it */
    public FirstByte(Source source, HttpUrl endpoint, Duration most) {
        this.source = source;
        this.endpoint = endpoint;
        this.untilNanos = System.nanoTime() + most.toNanos();
    }

    /**
     * Whoever has sent it.
     *
     * @param at its address, which may be signed; empty for a source that hands out bytes itself
     */
    public record Sender(Optional<HttpUrl> at) {}

    /**
     * Asks for it.
     *
     * @return empty if the repository has no file with anything in it
     * @throws SourceException with what came instead
     */
    public Optional<Sender> of(Resolved resolved) throws SourceException, InterruptedException {
        Manifest manifest =
                source.call("list", () -> source.backend().list(resolved)).await(left());
        // A large one: small ones often come from the hub itself, and nobody waits for those.
        Optional<RepoFile> file = manifest.files().stream()
                .filter(row -> row.size() > 0)
                .min(Comparator.comparing((RepoFile row) -> !row.lfs()).thenComparing(RepoFile::size));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        boolean handed =
                source.call("open", () -> isHanded(manifest, file.get())).await(left());
        return Optional.of(new Sender(handed ? Optional.empty() : Optional.of(sender(manifest, file.get()))));
    }

    private boolean isHanded(Manifest manifest, RepoFile file) throws SourceException, IOException {
        Optional<ByteStream> stream = source.backend().open(manifest, file, new ByteRange(0, 1));
        if (stream.isEmpty()) {
            return false;
        }
        try (InputStream bytes = stream.get().bytes()) {
            if (bytes.read() < 0) {
                throw SourceException.blocked("an empty stream (" + source.host() + ")");
            }
            return true;
        }
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, untilNanos - System.nanoTime()));
    }

    private HttpUrl sender(Manifest manifest, RepoFile file) throws SourceException, InterruptedException {
        Request question = source.call("request", () -> source.backend().request(manifest, file))
                .await(left());
        Trail trail = new Trail(question.url());
        Call call = source.data()
                .newCall(question.newBuilder()
                        .header("Range", "bytes=0-0")
                        .header("Accept-Encoding", "identity")
                        .tag(Trail.class, trail)
                        .build());
        call.timeout().timeout(left().toNanos(), TimeUnit.NANOSECONDS);
        try (Response response = call.execute()) {
            if (!response.isSuccessful()) {
                throw new SourceException(refusal(response));
            }
            if (response.body().source().exhausted()) {
                throw SourceException.blocked("an empty answer (" + trail.at().host() + ")");
            }
            return trail.at();
        } catch (IOException e) {
            throw SourceException.of(e, trail.at());
        }
    }

    private Verdict refusal(Response response) throws IOException {
        return Endpoints.sameOrigin(response.request().url(), endpoint)
                ? source.backend().explain(response)
                : CommonVerdicts.ofRefusal(response);
    }
}

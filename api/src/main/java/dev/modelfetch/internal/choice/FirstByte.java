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

/** Asks a source for the beginning of a file of a repository, to see which host sends it: that is known only by asking. */
public final class FirstByte {

    private final Source source;
    private final HttpUrl endpoint;
    private final long untilNanos;
    private final int wanted;

    /**
     * @param wanted how many bytes
     * @param most for all of it
     */
    public FirstByte(Source source, HttpUrl endpoint, int wanted, Duration most) {
        this.source = source;
        this.endpoint = endpoint;
        this.wanted = wanted;
        this.untilNanos = System.nanoTime() + most.toNanos();
    }

    /**
     * Whoever has sent it.
     *
     * @param at its address, which may be signed; empty for a source that hands out bytes itself
     * @param bytes that came
     * @param took from the question to the last of them
     */
    public record Sender(Optional<HttpUrl> at, int bytes, Duration took) {}

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
        return file.isEmpty() ? Optional.empty() : Optional.of(of(manifest, file.get()));
    }

    /**
     * Asks for the beginning of that file.
     *
     * @param file a row of that manifest, with anything in it
     * @throws SourceException with what came instead
     */
    public Sender of(Manifest manifest, RepoFile file) throws SourceException, InterruptedException {
        int most = (int) Math.min(wanted, file.size());
        Optional<Sender> handed =
                source.call("open", () -> handed(manifest, file, most)).await(left());
        return handed.isPresent() ? handed.get() : sender(manifest, file, most);
    }

    private Optional<Sender> handed(Manifest manifest, RepoFile file, int most) throws SourceException, IOException {
        long since = System.nanoTime();
        Optional<ByteStream> stream = source.backend().open(manifest, file, new ByteRange(0, most));
        if (stream.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream bytes = stream.get().bytes()) {
            int came = bytes.readNBytes(most).length;
            if (came == 0) {
                throw SourceException.blocked("an empty stream (" + source.host() + ")");
            }
            return Optional.of(new Sender(Optional.empty(), came, since(since)));
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, untilNanos - System.nanoTime()));
    }

    private Sender sender(Manifest manifest, RepoFile file, int most) throws SourceException, InterruptedException {
        Request question = source.call("request", () -> source.backend().request(manifest, file))
                .await(left());
        Trail trail = new Trail(question.url());
        long since = System.nanoTime();
        Call call = source.data()
                .newCall(question.newBuilder()
                        .header("Range", "bytes=0-" + (most - 1))
                        .header("Accept-Encoding", "identity")
                        .tag(Trail.class, trail)
                        .build());
        call.timeout().timeout(left().toNanos(), TimeUnit.NANOSECONDS);
        try (Response response = call.execute()) {
            if (!response.isSuccessful()) {
                throw new SourceException(refusal(response));
            }
            int came = response.body().byteStream().readNBytes(most).length;
            if (came == 0) {
                throw SourceException.blocked("an empty answer (" + trail.at().host() + ")");
            }
            return new Sender(Optional.of(trail.at()), came, since(since));
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

package dev.modelfetch.internal.net;

import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.Hiccup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Repeats small API calls after passing failures: network errors, 408, 429, 5xx and hiccups. Not for file bodies, which break half
 * way, past any interceptor.
 */
final class Retries implements Interceptor {

    /** As ModelScope's own client, which asks four times within some eight seconds (modelscope.md 3.2). */
    private static final int MOST_HICCUPS = 3;

    private final RandomGenerator random = new Random();
    private final Duration deadline;

    /** @param deadline of the whole call: a pause that would outlast it is not begun, since nothing could follow */
    Retries(Duration deadline) {
        this.deadline = deadline;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        long end = System.nanoTime() + deadline.toNanos();
        for (int retries = 0; ; retries++) {
            Response response;
            try {
                response = chain.proceed(chain.request());
            } catch (RefusedRedirect e) {
                // Asking again would end the same way.
                throw e;
            } catch (IOException e) {
                boolean passes =
                        CommonVerdicts.ofFailure(e, chain.request().url()).retryable();
                Optional<Duration> pause = passes ? pause(retries, Optional.empty(), end) : Optional.empty();
                if (chain.call().isCanceled() || pause.isEmpty()) {
                    throw e;
                }
                sleep(pause.get());
                continue;
            }
            boolean passing = isPassing(response.code()) || (retries < MOST_HICCUPS && Hiccup.isOne(response));
            Optional<Duration> pause =
                    passing ? pause(retries, CommonVerdicts.waitOf(response.headers()), end) : Optional.empty();
            if (pause.isEmpty()) {
                return response;
            }
            response.close();
            sleep(pause.get());
        }
    }

    private Optional<Duration> pause(int retries, Optional<Duration> asked, long end) {
        return Backoff.next(retries, asked, random).filter(pause -> pause.toNanos() < end - System.nanoTime());
    }

    private static boolean isPassing(int status) {
        return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
    }

    private static void sleep(Duration pause) throws InterruptedIOException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to retry");
        }
    }
}

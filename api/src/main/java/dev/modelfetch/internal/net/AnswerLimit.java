package dev.modelfetch.internal.net;

import dev.modelfetch.spi.AnswerTooLong;
import java.io.IOException;
import java.util.function.LongConsumer;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what an API question may be answered with, so that no hub fills the memory: an error ends where it must have
 * explained itself, since callers like to take errors whole; data beyond the length of any page is refused while it
 * arrives. An application interceptor, because only there are bytes counted as they are after decompression.
 */
final class AnswerLimit implements Interceptor {

    /** Every explanation that hubs are known to send fits many times. */
    static final int LONGEST_ERROR = 64 << 10;

    /** The longest honest answer names 50,000 files of a repository in some 250 bytes each (huggingface.md 1.5). */
    static final int LONGEST_ANSWER = 32 << 20;

    private final LongConsumer heard;

    /** @param heard is told how many bytes of an answer have come */
    AnswerLimit(LongConsumer heard) {
        this.heard = heard;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        String host = response.request().url().host();
        ResponseBody limited = response.isSuccessful()
                ? new Limited(response.body(), new Refusing(response.body().source(), host, heard))
                : new Limited(response.body(), new Ending(response.body().source()));
        return response.newBuilder().body(limited).build();
    }

    /** The length is not told: it would promise what may not come. */
    private static final class Limited extends ResponseBody {

        private final ResponseBody body;
        private final BufferedSource source;

        Limited(ResponseBody body, ForwardingSource source) {
            this.body = body;
            this.source = Okio.buffer(source);
        }

        @Override
        public @Nullable MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() {
            return -1;
        }

        @Override
        public BufferedSource source() {
            return source;
        }
    }

    private static final class Ending extends ForwardingSource {

        private long left = LONGEST_ERROR;

        Ending(BufferedSource body) {
            super(body);
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            long read = left == 0 ? -1 : super.read(sink, Math.min(byteCount, left));
            left -= Math.max(read, 0);
            return read;
        }
    }

    private static final class Refusing extends ForwardingSource {

        private final String host;
        private final LongConsumer heard;
        private long left = LONGEST_ANSWER;

        Refusing(BufferedSource body, String host, LongConsumer heard) {
            super(body);
            this.host = host;
            this.heard = heard;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            long read = super.read(sink, byteCount);
            left -= Math.max(read, 0);
            heard.accept(Math.max(read, 0));
            if (left < 0) {
                throw new AnswerTooLong(
                        "an answer of more than " + (LONGEST_ANSWER >> 20) + " MiB to a question (" + host + ")");
            }
            return read;
        }
    }
}

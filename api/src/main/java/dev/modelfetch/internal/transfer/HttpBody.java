package dev.modelfetch.internal.transfer;

import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.run.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The body of an answer. */
final class HttpBody implements Opened {

    private final Call call;
    private final Runnable cut;
    private final Response response;
    private final InputStream bytes;
    private final long start;
    private final long end;
    private final Cancellation cancellation;

    /** @param cut ends the call; watched by the cancellation until this is closed */
    HttpBody(Call call, Runnable cut, Response response, long start, long end, Cancellation cancellation) {
        this.call = call;
        this.cut = cut;
        this.response = response;
        this.bytes = response.body().byteStream();
        this.start = start;
        this.end = end;
        this.cancellation = cancellation;
    }

    /** The same answer, which has turned out to be the whole file. */
    HttpBody ofWhole(long size) {
        return new HttpBody(call, cut, response, 0, size, cancellation);
    }

    /** By which the host finds the request in its log (huggingface.md 2); null if it does not say. */
    @Nullable
    String requestId() {
        for (String header : List.of("X-Request-Id", "X-Amzn-Trace-Id", "X-Amz-Cf-Id")) {
            String id = response.header(header);
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    Response response() {
        return response;
    }

    /** Who has answered, after all redirects. */
    HttpUrl at() {
        return response.request().url();
    }

    @Override
    public String host() {
        return Endpoints.name(at());
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public int read(byte[] into, int offset, int most) throws Fault {
        int read;
        try {
            read = bytes.read(into, offset, most);
        } catch (IOException e) {
            throw failed(e);
        }
        if (read < 0) {
            throw Fault.of(
                    Fault.Kind.TROUBLE, new Verdict.Down("connection closed early (" + at().host() + ")", true), at());
        }
        return read;
    }

    @Override
    public boolean isExhausted() throws Fault {
        try {
            return response.body().source().exhausted();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Fault failed(IOException e) {
        cancellation.check();
        return Fault.of(e, at());
    }

    @Override
    public void cut() {
        call.cancel();
    }

    @Override
    public void close() {
        cancellation.forget(cut);
        response.close();
    }
}

package dev.modelfetch.internal.net;

import dev.modelfetch.FetchException;
import dev.modelfetch.spi.ThroughProxy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Notes of a failure by which proxy the request went, and whether it is the proxy's own. */
final class OnTheWay implements Interceptor {

    private final Line line;

    OnTheWay(Line line) {
        this.line = line;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Routes.Route way;
        try {
            way = line.route(chain.request().url());
        } catch (FetchException.Usage unusable) {
            throw new IOException(unusable.getMessage(), unusable);
        }
        try {
            return notOfTheProxy(chain.proceed(chain.request()), way);
        } catch (IOException e) {
            if (way.isProxied()) {
                e.addSuppressed(new ThroughProxy(way.text(), way.because(), isItsOwn(e)));
            }
            throw e;
        }
    }

    /** In clear text a proxy answers in the place of the hub; by this status it is known. */
    private static Response notOfTheProxy(Response response, Routes.Route way) throws IOException {
        if (response.code() != HttpURLConnection.HTTP_PROXY_AUTH || !way.isProxied()) {
            return response;
        }
        response.close();
        throw new IOException("Failed to authenticate with proxy");
    }

    /**
     * With a proxy, it alone is connected to and looked up by us. The rest is said in the words of OkHttp and of Java's
     * SOCKS, which have no types for it.
     */
    static boolean isItsOwn(IOException failure) {
        String said = String.valueOf(failure.getMessage());
        return failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnknownHostException
                || (failure instanceof SocketTimeoutException
                        && (said.regionMatches(true, 0, "connect", 0, 7) || said.startsWith("failed to connect")))
                || (failure instanceof SocketException
                        && (said.contains("SOCKS") || said.startsWith("Connection refused")))
                || said.startsWith("Unexpected response code for CONNECT")
                || said.startsWith("Failed to authenticate with proxy");
    }
}

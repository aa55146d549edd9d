package dev.modelfetch.it.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same small request over and over, on connections that stay. */
final class Load {

    private final int port;
    private final byte[] request;
    private final boolean body;

    private Load(URI url, String method) {
        this.port = url.getPort();
        this.request = (method + " " + url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                        + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.body = method.equals("GET");
    }

    /**
     * What came of it.
     *
     * @param perSecond answers
     * @param middle time of one, in microseconds
     * @param late time that one in a hundred exceeds, in microseconds
     */
    record Outcome(double perSecond, long middle, long late) {}

    static Outcome run(String url, String method, int connections, Duration time)
            throws IOException, InterruptedException {
        Load load = new Load(URI.create(url), method);
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long until = System.nanoTime() + time.toNanos();
            List<Callable<long[]>> tasks = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                tasks.add(() -> load.repeat(until));
            }
            long start = System.nanoTime();
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> each : threads.invokeAll(tasks)) {
                all.add(each.get());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Outcome(
                    sorted.length / seconds,
                    sorted[sorted.length / 2] / 1_000,
                    sorted[sorted.length * 99 / 100] / 1_000);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private long[] repeat(long until) throws IOException {
        long[] times = new long[1 << 16];
        int count = 0;
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
            while (System.nanoTime() < until && count < times.length) {
                long start = System.nanoTime();
                socket.getOutputStream().write(request);
                answer(in);
                times[count++] = System.nanoTime() - start;
            }
        }
        return Arrays.copyOf(times, count);
    }

    private void answer(InputStream in) throws IOException {
        String first = line(in);
        if (!first.startsWith("HTTP/1.1 200")) {
            throw new IOException("answered " + first);
        }
        long length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Long.parseLong(line.substring(15).strip());
            }
        }
        if (body) {
            in.skipNBytes(length);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("ended");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}

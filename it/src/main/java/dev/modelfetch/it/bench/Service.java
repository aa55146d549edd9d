package dev.modelfetch.it.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A server that is measured, as a process of its own. */
record Service(String name, Process process, String endpoint) implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    /** Waits until it answers at all. */
    static Service start(String name, Command command, int port) throws IOException, InterruptedException {
        Service service = new Service(name, command.start(), "http://127.0.0.1:" + port);
        long until = System.nanoTime() + START.toNanos();
        while (!service.answers()) {
            if (!service.process.isAlive() || System.nanoTime() > until) {
                service.close();
                throw new IOException(name + " does not start: "
                        + Files.readString(command.directory().resolve("err.txt")));
            }
            Thread.sleep(20);
        }
        return service;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(endpoint + "/").toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(2_000);
            return connection.getResponseCode() > 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Processor time of it and all its children. */
    Duration cpu() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(handle -> handle.info().totalCpuDuration())
                .flatMap(Optional::stream)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Largest resident memory so far of its largest process, in bytes. */
    long peak() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToLong(Service::peak)
                .max()
                .orElse(-1);
    }

    private static long peak(ProcessHandle handle) {
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/" + handle.pid() + "/status"));
            return status.stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException goneOrNotLinux) {
            return -1;
        }
    }

    /** Everything at an address, into nothing; returns how long the first byte took. */
    static Duration get(String url) {
        try {
            long start = System.nanoTime();
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setReadTimeout(120_000);
            try (var in = connection.getInputStream()) {
                int first = in.read();
                Duration time = Duration.ofNanos(System.nanoTime() - start);
                if (first >= 0) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
                return time;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            Meter.stop(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

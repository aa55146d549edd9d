package dev.modelfetch.it.bench;

import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures {@code fetch serve} beside nginx, which has the same file, and Olah, which has the same hub: what is stored, and
 * what is not. Clients, hubs and servers share the cores. Peers that are not on this machine are left out, and said so.
 */
public final class ServeBench {

    private static final String WEIGHTS = "/bench-lab/served/resolve/%s/weights.bin";
    private static final String SMALL = "/bench-lab/served/resolve/%s/small.bin";
    private static final String TREE = "/api/datasets/bench-lab/rows/tree/%s?recursive=true";
    private static final int CONNECTIONS = 32;
    private static final Duration TIME = Duration.ofSeconds(5);

    private final Settings settings;
    private final Toolbox tools;
    private final Path work;
    private final PrintStream out;
    private final long size;
    private final Repository model;
    private final Repository rows;

    private ServeBench(Settings settings, Path work, PrintStream out) {
        this.settings = settings;
        this.tools = new Toolbox(settings.tools());
        this.work = work;
        this.out = out;
        this.size = (long) (settings.scale() * (1L << 30));
        this.model = Repository.model("bench-lab/served")
                .lfs("weights.bin", Content.generated(1, size))
                .lfs("small.bin", Content.generated(2, 4_096));
        Repository many = Repository.dataset("bench-lab/rows");
        for (int i = 0; i < 3_000; i++) {
            many = many.file("data/part-" + i % 30 + "/row-" + i + ".json", "{}\n");
        }
        this.rows = many;
    }

    /** Settings are those of {@link Bench}, as far as they make sense here. */
    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.fromSystem();
        Path work = Files.createTempDirectory(settings.work(), "modelfetch-serve-bench");
        Run.removeAtExit(work);
        ServeBench bench = new ServeBench(settings, work, System.out);
        bench.out.println("Machine: " + Machine.describe() + "; load " + Machine.load());
        try (MiniHubs hubs = MiniHubs.start(bench.model, bench.rows)) {
            bench.stored(hubs);
        }
        try (MiniHubs hubs = MiniHubs.start(bench.model, bench.rows)) {
            bench.cold(hubs);
        }
        try (MiniHubs hubs = MiniHubs.start(bench.model, bench.rows)) {
            bench.together(hubs);
        }
    }

    private Service box(MiniHubs hubs, String folder) throws IOException, InterruptedException {
        int port = Service.freePort();
        Path home = Files.createDirectories(work.resolve(folder));
        List<String> words = new ArrayList<>(List.of(
                settings.launcher().toString(), "serve", "--listen", "127.0.0.1:" + port, "--source", "huggingface"));
        words.addAll(List.of("--endpoint", "huggingface=" + hubs.huggingFace().endpoint()));
        words.addAll(List.of("--cache-dir", home.resolve("hub").toString()));
        return Service.start("modelfetch", Command.of(home, words.toArray(new String[0])), port);
    }

    private Optional<Service> nginx(Path folder) throws IOException, InterruptedException {
        Optional<String> nginx = tools.find("nginx")
                .or(() -> Optional.of("/usr/sbin/nginx").filter(path -> Files.isExecutable(Path.of(path))));
        if (nginx.isEmpty()) {
            out.println("SKIPPED nginx: not on this machine");
            return Optional.empty();
        }
        int port = Service.freePort();
        Path home = Files.createDirectories(work.resolve("nginx"));
        Files.writeString(home.resolve("nginx.conf"), """
                daemon off; master_process on; worker_processes 2; error_log stderr; pid %1$s/nginx.pid; user root;
                events { worker_connections 4096; }
                http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; open_file_cache max=100;
                  client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c; uwsgi_temp_path %1$s/d;
                  scgi_temp_path %1$s/e; server { listen 127.0.0.1:%2$d; root %3$s; } }
                """.formatted(home, port, folder));
        return Optional.of(Service.start(
                "nginx",
                Command.of(home, nginx.get(), "-c", home.resolve("nginx.conf").toString()),
                port));
    }

    private Optional<Service> olah(MiniHubs hubs) throws IOException, InterruptedException {
        Optional<String> olah = tools.find("olah-cli");
        if (olah.isEmpty()) {
            out.println("SKIPPED Olah: not on this machine");
            return Optional.empty();
        }
        int port = Service.freePort();
        Path home = Files.createDirectories(work.resolve("olah"));
        String hub = hubs.huggingFace().endpoint().replaceFirst("^http://", "");
        List<String> words = List.of(
                olah.get(),
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--hf-scheme",
                "http",
                "--hf-netloc",
                hub,
                "--hf-lfs-netloc",
                hub,
                "--mirror-scheme",
                "http",
                "--mirror-netloc",
                "127.0.0.1:" + port,
                "--repos-path",
                home.resolve("repos").toString());
        try {
            return Optional.of(Service.start("Olah", Command.of(home, words.toArray(new String[0])), port));
        } catch (IOException e) {
            out.println("SKIPPED Olah: " + e.getMessage());
            return Optional.empty();
        }
    }

    // --- what is stored

    private void stored(MiniHubs hubs) throws Exception {
        out.println("\nStored: " + size / 1_000_000 + " MB at a known commit  [load " + Machine.load() + "]");
        String commit = model.head().id();
        try (Service box = box(hubs, "stored")) {
            Path files = Files.createDirectories(work.resolve("files"));
            Service.get(box.endpoint() + WEIGHTS.formatted("main"));
            Service.get(box.endpoint() + SMALL.formatted("main"));
            for (String file : List.of("weights.bin", "small.bin")) {
                Path snapshot = work.resolve("stored/hub/models--bench-lab--served/snapshots/" + commit + "/" + file);
                for (int i = 0; i < 500 && !Files.exists(snapshot); i++) {
                    Thread.sleep(20);
                }
                Files.createSymbolicLink(files.resolve(file), snapshot.toRealPath());
            }
            hubs.ledger().clear();
            out.println("  first answers (cold JVM) are among the figures of modelfetch");
            large(box, WEIGHTS.formatted(commit));
            small(box, SMALL.formatted(commit));
            load("tree of 3,000 rows", box, TREE.formatted(rows.head().id()), "GET");
            out.println("  asked of the hub meanwhile: "
                    + hubs.ledger().visits().stream()
                            .filter(visit -> !visit.toString().contains("bench-lab/rows"))
                            .count()
                    + " requests about the model");
            out.printf(Locale.ROOT, "  modelfetch: %d MB resident at the most%n", box.peak() / 1_000_000);
            Optional<Service> nginx = nginx(files);
            if (nginx.isPresent()) {
                try (Service peer = nginx.get()) {
                    large(peer, "/weights.bin");
                    small(peer, "/small.bin");
                }
            }
        }
        Optional<Service> olah = olah(hubs);
        if (olah.isPresent()) {
            try (Service peer = olah.get()) {
                Service.get(peer.endpoint() + WEIGHTS.formatted(commit));
                Service.get(peer.endpoint() + SMALL.formatted(commit));
                large(peer, WEIGHTS.formatted(commit));
                small(peer, SMALL.formatted(commit));
            } catch (java.io.UncheckedIOException e) {
                out.println("  Olah: fails here: " + e.getMessage());
            }
        }
    }

    private void large(Service service, String path) throws Exception {
        for (int streams : new int[] {1, 8}) {
            Duration before = service.cpu();
            double seconds = curls(service.endpoint() + path, streams, size).toMillis() / 1e3;
            double cpu = service.cpu().minus(before).toMillis() / 1e3;
            double gigabytes = streams * size / 1e9;
            out.printf(
                    Locale.ROOT,
                    "  %-10s %d stream%s: %5.0f MB/s, %.2f CPU-s/GB%n",
                    service.name(),
                    streams,
                    streams == 1 ? " " : "s",
                    gigabytes * 1e3 / seconds,
                    cpu / gigabytes);
        }
    }

    private void small(Service service, String path) throws IOException, InterruptedException {
        load("HEAD", service, path, "HEAD");
        load("GET 4 KiB", service, path, "GET");
    }

    private void load(String what, Service service, String path, String method)
            throws IOException, InterruptedException {
        Load.Outcome warm = Load.run(service.endpoint() + path, method, CONNECTIONS, Duration.ofSeconds(2));
        Duration before = service.cpu();
        Load.Outcome outcome = Load.run(service.endpoint() + path, method, CONNECTIONS, TIME);
        double cpu = service.cpu().minus(before).toNanos() / 1e3 / (outcome.perSecond() * TIME.toSeconds());
        out.printf(
                Locale.ROOT,
                "  %-10s %s, %d connections: %.0f/s (%.0f in its first seconds), median %.2f ms, p99 %.2f ms, %.0f us CPU%n",
                service.name(),
                what,
                CONNECTIONS,
                outcome.perSecond(),
                warm.perSecond(),
                outcome.middle() / 1e3,
                outcome.late() / 1e3,
                cpu);
    }

    /** By curl, so that nothing of this process is among the figures but the hubs. */
    private Duration curls(String url, int count, long bytes) throws Exception {
        String curl = tools.find("curl").orElseThrow(() -> new IOException("curl is not on this machine"));
        List<Process> all = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Path home = Files.createDirectories(work.resolve("curl-" + i));
            all.add(Command.of(home, curl, "-sSf", "-o", "/dev/null", "-w", "%{size_download}", url)
                    .start());
        }
        for (int i = 0; i < count; i++) {
            int status = all.get(i).waitFor();
            String got = Files.readString(work.resolve("curl-" + i).resolve("out.txt"));
            if (status != 0 || Long.parseLong(got) != bytes) {
                throw new IOException("curl: " + status + " after " + got + " bytes: "
                        + Files.readString(work.resolve("curl-" + i).resolve("err.txt")));
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    // --- what is not

    private void cold(MiniHubs hubs) throws Exception {
        Line.of(0, 80).delayed(30).shape(hubs.huggingFace());
        out.println("\nCold, through a line of 80 MB/s with 30 ms  [load " + Machine.load() + "]");
        Path home = Files.createDirectories(work.resolve("direct"));
        long start = System.nanoTime();
        int status = Command.of(
                        home,
                        settings.launcher().toString(),
                        "bench-lab/served",
                        "weights.bin",
                        "--source",
                        "huggingface",
                        "--endpoint",
                        "huggingface=" + hubs.huggingFace().endpoint(),
                        "--cache-dir",
                        home.resolve("hub").toString())
                .start()
                .waitFor();
        out.printf(Locale.ROOT, "  fetch directly: %.1f s (%d)%n", (System.nanoTime() - start) / 1e9, status);
        out.printf(
                Locale.ROOT,
                "  first byte of the hub: %d ms%n",
                Service.get(hubs.huggingFace().endpoint() + SMALL.formatted("main"))
                        .toMillis());
        try (Service box = box(hubs, "cold")) {
            first("unknown repository", box, SMALL.formatted("main"));
            out.printf(
                    Locale.ROOT,
                    "  modelfetch: %.1f s%n",
                    curls(box.endpoint() + WEIGHTS.formatted("main"), 1, size).toMillis() / 1e3);
        }
        Optional<Service> olah = olah(hubs);
        if (olah.isPresent()) {
            try (Service peer = olah.get()) {
                // What it had is gone: it stored under the address of another hub.
                first("unknown repository", peer, SMALL.formatted("main"));
                out.printf(
                        Locale.ROOT,
                        "  Olah: %.1f s%n",
                        curls(peer.endpoint() + WEIGHTS.formatted("main"), 1, size)
                                        .toMillis()
                                / 1e3);
            } catch (IOException | java.io.UncheckedIOException e) {
                out.println("  Olah: fails here: " + e.getMessage());
            }
        }
    }

    private void first(String what, Service service, String path) {
        out.printf(
                Locale.ROOT,
                "  %s, %s: first byte after %d ms%n",
                service.name(),
                what,
                Service.get(service.endpoint() + path).toMillis());
    }

    private void together(MiniHubs hubs) throws Exception {
        out.println("\nOne cold file for 20 clients, no limit on the line  [load " + Machine.load() + "]");
        for (int clients : new int[] {1, 20}) {
            hubs.ledger().clear();
            try (Service box = box(hubs, "together-" + clients)) {
                Duration before = box.cpu();
                double seconds = curls(box.endpoint() + WEIGHTS.formatted("main"), clients, size)
                                .toMillis()
                        / 1e3;
                out.printf(
                        Locale.ROOT,
                        "  %d: %.1f s, %.4f x its bytes from the hub, %.2f CPU-s/GB sent, %d MB resident%n",
                        clients,
                        seconds,
                        (double) hubs.ledger().bytesSent("weights.bin") / size,
                        box.cpu().minus(before).toMillis() / 1e3 / (clients * size / 1e9),
                        box.peak() / 1_000_000);
            }
        }
    }
}

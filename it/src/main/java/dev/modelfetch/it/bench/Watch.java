package dev.modelfetch.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at a process and its children until they are done. Used by one thread. */
final class Watch {

    private static final int MILLIS_BETWEEN_LOOKS = 50;

    private final Process process;
    private final Map<Long, Duration> cpu = new HashMap<>();
    private final boolean closely;
    private long peak = -1;

    /** @param closely whether to look at what it uses, which costs a little itself */
    Watch(Process process, boolean closely) {
        this.process = process;
        this.closely = closely;
    }

    /** @return its exit status, or that of a killed process when it took too long */
    int untilItEnds(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!process.waitFor(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
            if (closely) {
                Stream.concat(Stream.of(process.toHandle()), process.descendants())
                        .forEach(this::look);
            }
            if (System.nanoTime() > deadline) {
                Meter.stop(process);
            }
        }
        return process.exitValue();
    }

    Duration cpu() {
        return cpu.values().stream().reduce(Duration.ZERO, Duration::plus);
    }

    long peak() {
        return peak;
    }

    private void look(ProcessHandle handle) {
        handle.info().totalCpuDuration().ifPresent(time -> cpu.put(handle.pid(), time));
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/" + handle.pid() + "/status"));
            for (String line : status) {
                if (line.startsWith("VmHWM:")) {
                    peak = Math.max(peak, 1024 * Long.parseLong(line.replaceAll("\\D", "")));
                }
            }
        } catch (IOException goneOrNotLinux) {
            // The figure stays what it was.
        }
    }
}

package dev.modelfetch.it.night;

import dev.modelfetch.it.night.Trouble.What;
import dev.modelfetch.testing.hub.LoopbackServer;
import dev.modelfetch.testing.hub.MiniHub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets a night come over the hubs and over the program. What it touches is touched by a thread of its own. */
final class Weather implements AutoCloseable {

    private final Map<String, MiniHub<?>> hubs;
    private final Consumer<String> move;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<Future<?>> steps = new ArrayList<>();
    private final Map<String, Trouble> away = new HashMap<>();
    private final List<Trouble> seen = new CopyOnWriteArrayList<>();
    private volatile @Nullable ProcessHandle victim;

    /**
     * @param hubs by name
     * @param move puts another commit on the branch of a hub
     */
    Weather(Map<String, MiniHub<?>> hubs, Consumer<String> move) {
        this.hubs = hubs;
        this.move = move;
    }

    /** Whom to kill next. */
    void threaten(ProcessHandle process) {
        victim = process;
    }

    /** Begins the night. */
    void begin(Night night) {
        for (Trouble trouble : night.troubles()) {
            at(trouble.at(), () -> begin(trouble));
            at(trouble.end(), () -> end(trouble));
        }
    }

    /** What has happened so far, in order. */
    List<Trouble> seen() {
        return List.copyOf(seen);
    }

    long seen(What what) {
        return seen.stream().filter(trouble -> trouble.what() == what).count();
    }

    /** Everything works again. */
    @Override
    public void close() throws InterruptedException, ExecutionException {
        clock.shutdownNow();
        for (Future<?> step : steps) {
            if (step.isDone()) {
                step.get();
            }
        }
        hubs.values().forEach(MiniHub::back);
    }

    private void at(Duration moment, Runnable step) {
        steps.add(clock.schedule(step, moment.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void begin(Trouble trouble) {
        seen.add(trouble);
        trouble.outage()
                .ifPresent(outage -> trouble.where().forEach(name -> {
                    away.put(name, trouble);
                    server(name).away(outage);
                }));
        ProcessHandle process = victim;
        if (trouble.what() == What.LINKS_EXPIRED) {
            trouble.where().forEach(name -> hub(name).links().expireLinks());
        } else if (trouble.what() == What.BRANCH_MOVED) {
            trouble.where().forEach(move);
        } else if (trouble.what() == What.KILLED && process != null) {
            process.destroyForcibly();
        }
    }

    /** Unless another has begun at that server meanwhile. */
    private void end(Trouble trouble) {
        trouble.where().stream()
                .filter(name -> away.remove(name, trouble))
                .forEach(name -> server(name).back());
    }

    private LoopbackServer server(String name) {
        MiniHub<?> hub = hub(name.replace("-data", ""));
        return name.endsWith("-data") ? hub.storage() : hub.server();
    }

    private MiniHub<?> hub(String name) {
        MiniHub<?> hub = hubs.get(name);
        if (hub == null) {
            throw new IllegalArgumentException("no hub is called " + name);
        }
        return hub;
    }
}

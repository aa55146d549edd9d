package dev.modelfetch.internal.doctor;

import dev.modelfetch.Diagnosis;
import dev.modelfetch.FetchException;
import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.Hint;
import dev.modelfetch.Repo;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.choice.Sources;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Sighting;
import dev.modelfetch.internal.run.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Examines everything that a fetch depends on, all at once and within a bounded time. */
public final class Doctor {

    /** Certificates and signed links bear so much; machines that ask for the time are a second off. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Settings settings;
    private final boolean offline;
    private final HttpClients clients;
    private final ExecutorService pool;
    private final InstantSource clock;
    private final String version;

    /**
     * @param offline whether nobody may be asked
     * @param version of this library
     */
    public Doctor(
            Settings settings,
            boolean offline,
            HttpClients clients,
            ExecutorService pool,
            InstantSource clock,
            String version) {
        this.settings = settings;
        this.offline = offline;
        this.clients = clients;
        this.pool = pool;
        this.clock = clock;
        this.version = version;
    }

    /**
     * Examines the sources that are meant, and this machine.
     *
     * @param sample repository that every hub should have
     * @throws FetchException.Usage if a source does not exist
     */
    public Diagnosis examine(Sources sources, SourceChoice choice, Repo sample) throws InterruptedException {
        Map<String, Path> unreadable = settings.unreadableTokens().get();
        Map<String, List<Finding>> bySource = new LinkedHashMap<>();
        Map<String, Checkup> checkups = new LinkedHashMap<>();
        for (Source source : sources.examined(choice)) {
            // Beside each other where a source can be reached in several ways.
            String id = source.id();
            String place = id + " by " + source.line().key();
            bySource.put(
                    place, sources.flaw(source).map(flaw -> unusable(id, flaw)).orElseGet(List::of));
            if (bySource.get(place).isEmpty() && !offline) {
                checkups.put(
                        place,
                        new Checkup(source, sample, Optional.ofNullable(unreadable.get(id)), clients, pool, clock));
            }
        }
        if (choice instanceof SourceChoice.Auto) {
            settings.notRaced().forEach(id -> bySource.put(id, leftOut(id)));
        }
        List<Callable<Object>> all = new ArrayList<>();
        checkups.values().forEach(checkup -> all.add(checkup::call));
        all.add(new Machine(settings)::call);
        List<Future<Object>> ended =
                pool.invokeAll(all, Limits.EXAMINATION.plus(Limits.FAREWELL).toMillis(), TimeUnit.MILLISECONDS);

        List<Seen> seen = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, Checkup> checkup : checkups.entrySet()) {
            Optional<Seen> one = outcome(ended.get(at++), Seen.class);
            one.ifPresent(seen::add);
            bySource.put(
                    checkup.getKey(),
                    one.map(Assessment::of)
                            .orElseGet(() -> late(checkup.getValue().source())));
        }
        Optional<Machine.Found> here = outcome(ended.get(at), Machine.Found.class);
        List<Finding> findings = new ArrayList<>();
        bySource.values().forEach(findings::addAll);
        findings.addAll(common(seen, here));
        boolean works = seen.stream().anyMatch(Seen::works)
                && here.map(Machine.Found::works).orElse(false);
        return new Diagnosis(works, findings, seen.stream().map(Seen::probe).toList());
    }

    /** Empty for whoever was not done in time. */
    private static <T> Optional<T> outcome(Future<Object> task, Class<T> type) throws InterruptedException {
        try {
            return Optional.of(type.cast(task.get()));
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static List<Finding> late(String source) {
        Notes notes = Notes.of(source);
        notes.unknown(Check.API, "api-late", "not checked: that takes too long");
        return notes.findings();
    }

    private static List<Finding> unusable(String source, FetchException.Usage flaw) {
        List<Hint> hints = new ArrayList<>(flaw.hints());
        hints.add(
                Hint.of("until-mended", "Until then a fetch works only by another source that is chosen by its name."));
        Notes notes = Notes.of(source);
        notes.problem(
                Check.SETTING,
                hints,
                "setting-unusable",
                "not asked: {0}",
                String.valueOf(flaw.getMessage()).replaceAll("[.]$", ""));
        return notes.findings();
    }

    private static List<Finding> leftOut(String source) {
        Notes notes = Notes.of(source);
        notes.note(
                Check.SETTING,
                List.of(Hint.of("left-out", "Choose it by its name to have it asked.", source)),
                "setting-left-out",
                "not asked: {0} names another hub",
                "HF_ENDPOINT");
        return notes.findings();
    }

    private List<Finding> common(List<Seen> seen, Optional<Machine.Found> here) {
        Notes notes = Notes.ofMachine();
        if (offline) {
            notes.problem(
                    Check.SETTING,
                    List.of(Hint.of("go-online", "Allow connections, and look again.")),
                    "setting-offline",
                    "no source may be asked");
        }
        clock(seen, notes);
        here.ifPresentOrElse(
                found -> notes.add(found.findings()),
                () -> notes.problem(
                        Check.CACHE,
                        List.of(Hint.of(
                                "check-disk", "Check the disk; the next fetch goes on where this one stopped.")),
                        "cache-silent",
                        "{0} ({1}): the disk does not answer",
                        settings.cacheRoot(),
                        settings.cacheFrom()));
        notes.ok(Check.PROGRAM, "program", "Modelfetch {0}", version);
        notes.ok(Check.JAVA, "java", "{0}, {1}", property("java.version"), property("java.vendor"));
        notes.ok(
                Check.SYSTEM,
                "system",
                "{0} {1}, {2}",
                property("os.name"),
                property("os.version"),
                property("os.arch"));
        return notes.findings();
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    /** Of several clocks, the one that is nearest to ours speaks for us: a hub's may be wrong too. */
    private static void clock(List<Seen> seen, Notes notes) {
        Duration ahead = seen.stream()
                .flatMap(one -> one.way().flatMap(Sighting::clockAhead).stream())
                .min(Comparator.comparing(Duration::abs))
                .orElse(null);
        List<Hint> hints = List.of(Assessment.setClock());
        if (ahead == null) {
            notes.unknown(Check.CLOCK, "clock-unknown", "not checked: nobody has said what time it is");
        } else if (ahead.abs().compareTo(SKEW) < 0) {
            notes.ok(Check.CLOCK, "clock-right", "right to {0} s", ahead.abs().toSeconds());
        } else if (ahead.isNegative()) {
            notes.problem(
                    Check.CLOCK,
                    hints,
                    "clock-slow",
                    "{0} min behind the hubs",
                    ahead.abs().toMinutes());
        } else {
            notes.problem(Check.CLOCK, hints, "clock-fast", "{0} min ahead of the hubs", ahead.toMinutes());
        }
    }
}

package dev.modelfetch.internal.store;

import dev.modelfetch.Digest;
import dev.modelfetch.internal.store.ProvenanceLine.State;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where each stored file came from, what it hashed to and how it looked then: one JSON line for each, appended, and
 * rewritten as a whole when most of them say nothing any more. A file that still has the length and time of its line
 * needs no hashing. Safe for several threads; what other processes append is noticed.
 */
final class Provenance {

    // A line is some 400 bytes: shorter records are read in no time.
    private static final int LINES_WORTH_COMPACTING = 1_000;
    private static final int LINES_PER_STATEMENT = 2;
    // A kill between the line and the move leaves a file in the state before.
    private static final int STATES = 2;

    private final SharedLog log;
    private final int worthCompacting;

    // All guarded by this.
    private final List<ProvenanceLine> inOrder = new ArrayList<>();
    private final Map<String, List<ProvenanceLine>> byFile = new HashMap<>();
    private final Map<String, String> fileByDigest = new HashMap<>();
    private final Set<String> stored = new HashSet<>();
    private int lines;
    private int linesAtNextLook;
    private boolean mayNotBeRewritten;

    Provenance(Path record) {
        this(record, LINES_WORTH_COMPACTING);
    }

    Provenance(Path record, int worthCompacting) {
        this.log = new SharedLog(record);
        this.worthCompacting = worthCompacting;
        this.linesAtNextLook = worthCompacting;
    }

    /** The latest line that describes the file as it is now. */
    synchronized Optional<ProvenanceLine> of(String file, State now) {
        refresh();
        List<ProvenanceLine> known = byFile.getOrDefault(file, List.of());
        for (int i = known.size() - 1; i >= 0; i--) {
            if (known.get(i).describes(now)) {
                return Optional.of(known.get(i));
            }
        }
        return Optional.empty();
    }

    /** Whether a file that looks like that was recorded with its content, even if that was doubted since. */
    synchronized boolean stored(String file, State now) {
        refresh();
        return byFile.getOrDefault(file, List.of()).stream().anyMatch(line -> line.isTrusting() && line.describes(now));
    }

    /** A file that once had that content. */
    synchronized Optional<String> fileWith(Digest digest) {
        refresh();
        return Optional.ofNullable(fileByDigest.get(digest.hex()));
    }

    /** Whether a repository path was stored for a commit. */
    synchronized boolean knows(String commit, String path) {
        refresh();
        return stored.contains(ProvenanceLine.stored(commit, path));
    }

    /**
     * Whether a job of ours fetched anything for a commit, as opposed to having found it. Then what is there says
     * nothing of what belongs there: it may be any part of it.
     */
    synchronized boolean fetchedFor(String commit) {
        refresh();
        return inOrder.stream()
                .anyMatch(line -> line.isFetched() && line.commit().equals(commit));
    }

    synchronized void append(ProvenanceLine line) throws IOException {
        Optional<Closeable> lock = log.lock();
        Closeable held = lock.orElse(() -> {});
        try (held) {
            refresh();
            if (lock.isPresent() && lines >= linesAtNextLook) {
                compactIfLong();
            }
            if (log.append(line.text())) {
                lines++;
                index(line);
            }
        }
    }

    /**
     * Forgets that anything was stored for some commits. What is known of the content of files that are still there
     * stays.
     */
    synchronized void forget(Set<String> commits, Predicate<String> remains) throws IOException {
        refresh();
        if (inOrder.stream().noneMatch(line -> line.isFor(commits))) {
            return;
        }
        Optional<Closeable> lock = log.lock();
        Closeable held = lock.orElse(() -> {});
        try (held) {
            refresh();
            if (lock.isPresent() && !mayNotBeRewritten) {
                log.replace(inOrder.stream()
                        .filter(line -> !line.isFor(commits) || remains.test(line.file()))
                        .map(line -> line.isFor(commits) ? line.forNobody() : line)
                        .map(ProvenanceLine::text)
                        .toList());
                refresh();
            }
        }
    }

    private void refresh() {
        log.refresh(new SharedLog.Reader() {
            @Override
            public void restart() {
                forget();
            }

            @Override
            public void line(String text) {
                index(text);
            }
        });
    }

    private void forget() {
        inOrder.clear();
        byFile.clear();
        fileByDigest.clear();
        stored.clear();
        lines = 0;
        linesAtNextLook = worthCompacting;
        mayNotBeRewritten = false;
    }

    private void index(String text) {
        lines++;
        Optional<ProvenanceLine> line = ProvenanceLine.parse(text);
        line.ifPresent(this::index);
        mayNotBeRewritten |= line.isEmpty() && ProvenanceLine.mayBeOfALaterVersion(text);
    }

    private void index(ProvenanceLine line) {
        inOrder.add(line);
        byFile.computeIfAbsent(line.file(), any -> new ArrayList<>(1)).add(line);
        if (line.isTrusting()) {
            stored.add(line.stored());
            fileByDigest.put(String.valueOf(line.sha256()), line.file());
            if (line.git() != null) {
                fileByDigest.put(line.git(), line.file());
            }
        }
    }

    /** Call with the lock: a line that another process appends meanwhile would be lost, and it could be a doubt. */
    private void compactIfLong() {
        Set<ProvenanceLine> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        byFile.values().forEach(ofFile -> keep(ofFile, kept));
        if (!mayNotBeRewritten && lines > LINES_PER_STATEMENT * kept.size()) {
            try {
                log.replace(inOrder.stream()
                        .filter(kept::contains)
                        .map(ProvenanceLine::text)
                        .toList());
                refresh();
            } catch (IOException e) {
                // It stays as long as it is.
            }
        }
        linesAtNextLook = Math.max(worthCompacting, LINES_PER_STATEMENT * lines);
    }

    /**
     * Finds the lines on one file that still say something: of all it was stored for, how it looked lately; and every
     * doubt, so that no line is believed that was not believed before.
     */
    private static void keep(List<ProvenanceLine> ofFile, Set<ProvenanceLine> kept) {
        Map<String, Set<State>> states = new HashMap<>();
        Map<State, ProvenanceLine> latest = new HashMap<>();
        Set<State> doubted = new HashSet<>();
        for (int i = ofFile.size() - 1; i >= 0; i--) {
            ProvenanceLine line = ofFile.get(i);
            latest.putIfAbsent(line.state(), line);
            if (!line.isTrusting()) {
                if (doubted.add(line.state())) {
                    kept.add(line);
                }
                continue;
            }
            Set<State> known = states.computeIfAbsent(line.stored(), any -> new HashSet<>());
            if (known.size() < STATES && known.add(line.state())) {
                kept.add(line);
                kept.add(latest.get(line.state()));
            }
        }
    }
}

package dev.modelfetch.internal.store.partial;

import dev.modelfetch.internal.file.AtomicFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The sidecar of a file in the making ({@link JournalFormat}); only ever appended to, and rewritten as a whole when it
 * has become long. The caller sees to it that one thread at a time uses it.
 */
final class Journal implements Closeable {

    // A 50 GB file journalled every MiB from eight places has 50,000 lines and a handful of ranges.
    private static final int LINES_WORTH_COMPACTING = 1_000;
    private static final int LINES_PER_RANGE = 4;

    private final Path file;
    private final String header;
    private final Ranges ranges;
    private OutputStream out;
    private String crc;
    private int lines;
    private boolean torn;

    private Journal(Path file, String header, JournalFormat.Replay replay, OutputStream out) {
        this.file = file;
        this.header = header;
        this.ranges = replay.ranges();
        this.out = out;
        this.crc = replay.crc();
        this.lines = replay.lines();
    }

    /**
     * Goes on with a journal, or starts one over if it is of something else.
     *
     * @param present length of the data file; ranges beyond it are not believed
     */
    static Journal open(Path file, long size, String key, long present) throws IOException {
        String header = JournalFormat.header(size, key);
        JournalFormat.Replay replay = JournalFormat.replay(read(file), header, size);
        Ranges.Gap beyond = new Ranges.Gap(present, Long.MAX_VALUE);
        boolean cut = replay.ranges().overlap(beyond.start(), beyond.end()) > 0;
        replay.ranges().cut(present);
        OutputStream none = OutputStream.nullOutputStream();
        if (replay.lines() == 0 || cut || isLong(replay.lines(), replay.ranges())) {
            Journal journal = new Journal(file, header, replay, none);
            journal.rewrite();
            return journal;
        }
        if (Files.size(file) > replay.validLength()) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(replay.validLength());
            }
        }
        return new Journal(file, header, replay, append(file));
    }

    /** What a journal proves, without opening it for writing. */
    static Ranges peek(Path file, long size, String key, long present) throws IOException {
        Ranges ranges = JournalFormat.replay(read(file), JournalFormat.header(size, key), size)
                .ranges();
        ranges.cut(present);
        return ranges;
    }

    /** As {@link #peek(Path, long, String, long)}, of the length that the journal itself names. */
    static Ranges peek(Path file, String key, long present) throws IOException {
        byte[] bytes = read(file);
        long size = JournalFormat.size(bytes);
        Ranges ranges = JournalFormat.replay(bytes, JournalFormat.header(size, key), size)
                .ranges();
        ranges.cut(present);
        return ranges;
    }

    /** What is on record. */
    Ranges ranges() {
        return ranges.copy();
    }

    void claim(Ranges.Range range) throws IOException {
        ranges.add(range.start(), range.end(), range.source());
        append(JournalFormat.claim(range));
    }

    void drop(String source) throws IOException {
        ranges.drop(source);
        append(JournalFormat.drop(source));
    }

    void clear() throws IOException {
        ranges.clear();
        append(JournalFormat.clear());
    }

    private void append(String body) throws IOException {
        if (torn || isLong(lines, ranges)) {
            rewrite();
            return;
        }
        String next = JournalFormat.crc(crc, body);
        try {
            out.write((body + " " + next + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // Half a line may be there, and nothing after it would ever be believed.
            torn = true;
            throw e;
        }
        crc = next;
        lines++;
    }

    /** Replaces the file by one with a line for each range. */
    private void rewrite() throws IOException {
        StringBuilder text = new StringBuilder();
        String last = "";
        int count = 0;
        for (String body : bodies()) {
            last = JournalFormat.crc(last, body);
            text.append(body).append(' ').append(last).append('\n');
            count++;
        }
        out.close();
        torn = true;
        Path fresh = fresh(file);
        Files.writeString(fresh, text, StandardCharsets.US_ASCII);
        AtomicFile.move(fresh, file);
        out = append(file);
        crc = last;
        lines = count;
        torn = false;
    }

    private List<String> bodies() {
        List<String> bodies = new ArrayList<>();
        bodies.add(header);
        ranges.all().forEach(range -> bodies.add(JournalFormat.claim(range)));
        return bodies;
    }

    private static boolean isLong(int lines, Ranges ranges) {
        return lines > LINES_WORTH_COMPACTING
                && lines > LINES_PER_RANGE * ranges.all().size();
    }

    // Unlike a channel, this stream is not closed by an interrupt of the writing thread.
    private static OutputStream append(Path file) throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Closes and removes it. */
    void delete() throws IOException {
        close();
        delete(file);
    }

    /** Removes one that nobody has open, and what a rewriting that was cut short left. */
    static void delete(Path file) throws IOException {
        Files.deleteIfExists(fresh(file));
        Files.deleteIfExists(file);
    }

    private static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }
}

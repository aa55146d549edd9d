package dev.modelfetch.internal.store.partial;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which bytes of a file are there, and who sent them. Ranges never overlap; what is added later wins, because its bytes
 * were written later. Not safe for several threads; hand out a {@link #copy()}.
 */
public final class Ranges {

    /** Bytes from {@code start} up to, not including, {@code end}, all from one source. */
    public record Range(long start, long end, String source) {
        public long length() {
            return end - start;
        }
    }

    /** Bytes that are not there, from {@code start} up to, not including, {@code end}. */
    public record Gap(long start, long end) {
        public long length() {
            return end - start;
        }
    }

    private final TreeMap<Long, Range> byStart = new TreeMap<>();

    /** The same ranges, independent of this object. */
    public Ranges copy() {
        Ranges copy = new Ranges();
        copy.byStart.putAll(byStart);
        return copy;
    }

    /** Marks bytes as present; an empty range changes nothing. */
    public void add(long start, long end, String source) {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no range: " + start + ".." + end);
        }
        if (start == end) {
            return;
        }
        remove(start, end);
        Map.Entry<Long, Range> before = byStart.floorEntry(start);
        long from = start;
        if (before != null
                && before.getValue().end() == start
                && before.getValue().source().equals(source)) {
            from = before.getValue().start();
        }
        Range after = byStart.get(end);
        long to = end;
        if (after != null && after.source().equals(source)) {
            byStart.remove(end);
            to = after.end();
        }
        put(from, to, source);
    }

    /** Forgets everything a source sent; returns how many bytes that were. */
    public long drop(String source) {
        long before = total();
        byStart.values().removeIf(range -> range.source().equals(source));
        return before - total();
    }

    /** Forgets what lies at or beyond a length. */
    public void cut(long length) {
        remove(length, Long.MAX_VALUE);
    }

    /** Forgets everything. */
    public void clear() {
        byStart.clear();
    }

    /** In ascending order. */
    public List<Range> all() {
        return List.copyOf(byStart.values());
    }

    /** What is not there of the first {@code size} bytes, in ascending order. */
    public List<Gap> missing(long size) {
        List<Gap> gaps = new ArrayList<>();
        long at = 0;
        for (Range range : byStart.values()) {
            if (range.start() >= size) {
                break;
            }
            if (range.start() > at) {
                gaps.add(new Gap(at, range.start()));
            }
            at = range.end();
        }
        if (at < size) {
            gaps.add(new Gap(at, size));
        }
        return gaps;
    }

    /** End of the stretch without a hole that begins at 0. */
    public long frontier() {
        long at = 0;
        for (Range range : byStart.values()) {
            if (range.start() != at) {
                break;
            }
            at = range.end();
        }
        return at;
    }

    /** End of the stretch without a hole that begins at that position; the position itself if its byte is not there. */
    public long coveredFrom(long position) {
        Map.Entry<Long, Range> at = byStart.floorEntry(position);
        long end = position;
        while (at != null && at.getKey() <= end && at.getValue().end() > end) {
            end = at.getValue().end();
            at = byStart.floorEntry(end);
        }
        return end;
    }

    /** Who sent what is there, in the order of first appearance in the file. */
    public Set<String> contributors() {
        Set<String> sources = new LinkedHashSet<>();
        byStart.values().forEach(range -> sources.add(range.source()));
        return sources;
    }

    /** Bytes present. */
    public long total() {
        return byStart.values().stream().mapToLong(Range::length).sum();
    }

    /** Bytes present between {@code start} and {@code end}. */
    public long overlap(long start, long end) {
        return byStart.values().stream()
                .mapToLong(range -> Math.max(0, Math.min(end, range.end()) - Math.max(start, range.start())))
                .sum();
    }

    private void remove(long start, long end) {
        Map.Entry<Long, Range> before = byStart.lowerEntry(start);
        if (before != null && before.getValue().end() > start) {
            Range cut = before.getValue();
            put(cut.start(), start, cut.source());
            if (cut.end() > end) {
                put(end, cut.end(), cut.source());
            }
        }
        Map.Entry<Long, Range> next = byStart.ceilingEntry(start);
        while (next != null && next.getKey() < end) {
            Range cut = next.getValue();
            byStart.remove(cut.start());
            if (cut.end() > end) {
                put(end, cut.end(), cut.source());
            }
            next = byStart.ceilingEntry(start);
        }
    }

    private void put(long start, long end, String source) {
        byStart.put(start, new Range(start, end, source));
    }

    @Override
    public String toString() {
        return byStart.values().toString();
    }
}

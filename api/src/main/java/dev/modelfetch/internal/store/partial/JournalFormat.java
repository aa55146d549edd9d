package dev.modelfetch.internal.store.partial;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The text of a journal: a header, then one line for each thing that happened.
 *
 * <pre>
 * modelfetch-partial 1 SIZE KEY crc
 * + START END SOURCE crc            bytes START up to END were written
 * - SOURCE crc                      what SOURCE sent is void
 * 0 crc                             everything is void
 * </pre>
 *
 * Each CRC-32 also covers the one before it, so a line proves the whole file up to itself: what follows a torn line, or
 * was left over from another journal, is never believed.
 */
final class JournalFormat {

    private static final int CRC_LENGTH = 8;
    private static final int HEADER_WORDS = 5;
    private static final int SIZE_WORD = 2;

    private JournalFormat() {}

    /** What a journal proves. */
    record Replay(Ranges ranges, int validLength, int lines, String crc) {}

    static String header(long size, String key) {
        return "modelfetch-partial 1 " + size + " " + key;
    }

    /** The length that a header names; 0 if there is none. */
    static long size(byte[] bytes) {
        String[] words = new String(bytes, 0, Math.max(0, lineEnd(bytes, 0)), StandardCharsets.US_ASCII).split(" ");
        try {
            return words.length == HEADER_WORDS ? Long.parseLong(words[SIZE_WORD]) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static String claim(Ranges.Range range) {
        return "+ " + range.start() + " " + range.end() + " "
                + URLEncoder.encode(range.source(), StandardCharsets.UTF_8);
    }

    static String drop(String source) {
        return "- " + URLEncoder.encode(source, StandardCharsets.UTF_8);
    }

    static String clear() {
        return "0";
    }

    static String crc(String before, String body) {
        CRC32 crc = new CRC32();
        crc.update((before + body).getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** Reads up to the first line that is torn, damaged or impossible; a wrong header proves nothing at all. */
    static Replay replay(byte[] bytes, String header, long size) {
        Ranges ranges = new Ranges();
        String crc = "";
        int valid = 0;
        int lines = 0;
        for (int end = lineEnd(bytes, 0); end >= 0; end = lineEnd(bytes, valid)) {
            int bodyLength = end - valid - CRC_LENGTH - 1;
            if (bodyLength < 1) {
                break;
            }
            String body = new String(bytes, valid, bodyLength, StandardCharsets.US_ASCII);
            String next = crc(crc, body);
            String rest = new String(bytes, valid + bodyLength, CRC_LENGTH + 1, StandardCharsets.US_ASCII);
            if (!rest.equals(" " + next) || !(lines == 0 ? body.equals(header) : apply(body, ranges, size))) {
                break;
            }
            crc = next;
            valid = end + 1;
            lines++;
        }
        return new Replay(ranges, valid, lines, crc);
    }

    private static boolean apply(String body, Ranges ranges, long size) {
        String[] words = body.split(" ");
        try {
            switch (words[0] + words.length) {
                case "+4" -> {
                    long start = Long.parseLong(words[1]);
                    long end = Long.parseLong(words[2]);
                    if (start < 0 || start >= end || end > size) {
                        return false;
                    }
                    ranges.add(start, end, decoded(words[3]));
                }
                case "-2" -> ranges.drop(decoded(words[1]));
                case "01" -> ranges.clear();
                default -> {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String decoded(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }

    private static int lineEnd(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}

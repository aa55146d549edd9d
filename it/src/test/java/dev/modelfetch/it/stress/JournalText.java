package dev.modelfetch.it.stress;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** A journal as its format says it is to be read, without the program's own reader: whose is each byte? */
final class JournalText {

    /** For each byte of the file the number of its sender; 0 where nothing is claimed. */
    private final byte[] owners;

    private final List<String> sources = new ArrayList<>();

    private JournalText(int size) {
        this.owners = new byte[size];
    }

    /** @param header the first line without its checksum */
    static JournalText read(byte[] journal, String header, int size) {
        JournalText text = new JournalText(size);
        String all = new String(journal, StandardCharsets.US_ASCII);
        String[] lines = all.split("\n", -1);
        String crc = "";
        // What follows the last line end is no line.
        for (int i = 0; i < lines.length - 1; i++) {
            int end = lines[i].lastIndexOf(' ');
            String body = lines[i].substring(0, Math.max(0, end));
            crc = crc(crc + body);
            if (!lines[i].substring(end + 1).equals(crc) || (i == 0 && !body.equals(header))) {
                break;
            }
            if (i > 0) {
                text.apply(body.split(" "));
            }
        }
        return text;
    }

    boolean claims(int position) {
        return owners[position] != 0;
    }

    private void apply(String[] words) {
        switch (words[0]) {
            case "+" -> fill(Integer.parseInt(words[1]), Integer.parseInt(words[2]), number(words[3]));
            case "-" -> {
                byte gone = number(words[1]);
                for (int i = 0; i < owners.length; i++) {
                    owners[i] = owners[i] == gone ? 0 : owners[i];
                }
            }
            case "0" -> fill(0, owners.length, (byte) 0);
            default -> throw new AssertionError("a line with a right checksum and no meaning: " + words[0]);
        }
    }

    private void fill(int start, int end, byte owner) {
        Arrays.fill(owners, start, end, owner);
    }

    private byte number(String source) {
        if (!sources.contains(source)) {
            sources.add(source);
        }
        return (byte) (sources.indexOf(source) + 1);
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return "%08x".formatted(crc.getValue());
    }
}

package dev.modelfetch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Listings as hubs have them, written short: {@code model-{1..4}-of-4.safetensors 4.9GB}. */
final class Rows {

    private static final Map<String, Long> UNITS =
            Map.of("B", 1L, "kB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L);

    private Rows() {}

    /** @param rows each a path, perhaps with numbered parts, and perhaps a size */
    static Manifest of(String... rows) {
        return new Manifest(
                "hub",
                "hub",
                Repo.of(RepoType.MODEL, "lab/tiny"),
                "main",
                "c".repeat(40),
                Arrays.stream(rows).flatMap(String::lines).flatMap(Rows::row).toList(),
                true);
    }

    static Manifest of(List<RepoFile> rows) {
        return new Manifest("hub", "hub", Repo.of(RepoType.MODEL, "lab/tiny"), "main", "c".repeat(40), rows, true);
    }

    private static Stream<RepoFile> row(String row) {
        int space = row.lastIndexOf(' ');
        String path = space < 0 ? row : row.substring(0, space).strip();
        long size = space < 0 ? 100 : size(row.substring(space + 1));
        return parts(path).map(part -> new RepoFile(part, size, null, null, false));
    }

    /** {@code m-{1..2}-of-3.bin} are two of three parts. */
    static Stream<String> parts(String path) {
        int open = path.indexOf("{1..");
        if (open < 0) {
            return Stream.of(path);
        }
        int close = path.indexOf("}", open);
        int last = Integer.parseInt(path.substring(open + 4, close));
        String behind = path.substring(close + 1).replaceFirst("^-of-(\\d+)", "-of-PAD$1");
        return IntStream.rangeClosed(1, last)
                .mapToObj(number -> path.substring(0, open) + String.format("%05d", number) + padded(behind));
    }

    private static String padded(String behind) {
        if (!behind.startsWith("-of-PAD")) {
            return behind;
        }
        String digits = behind.substring(7).replaceFirst("\\D.*", "");
        return "-of-" + "0".repeat(5 - digits.length()) + behind.substring(7);
    }

    private static long size(String text) {
        String unit = text.replaceAll("[0-9.]", "");
        double number = Double.parseDouble(text.substring(0, text.length() - unit.length()));
        return (long) (number * UNITS.get(unit.isEmpty() ? "B" : unit));
    }
}

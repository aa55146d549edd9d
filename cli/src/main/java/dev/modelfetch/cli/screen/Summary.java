package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchResult;
import dev.modelfetch.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a person wants to know after a success: how much, how fast, from where, and who vouches for it. */
public final class Summary {

    /** Formats that can run code when they are loaded. */
    private static final Set<String> CODE = Set.of("bin", "pt", "pth", "ckpt", "pkl", "pickle", "joblib", "py");

    private static final Set<Verification> WEAK = Set.of(Verification.SELF, Verification.SIZE);
    private static final String CACHE = "cache";

    private Summary() {}

    public static List<Line> lines(FetchResult result, Messages messages) {
        List<Line> lines = new ArrayList<>();
        lines.add(Line.good(amount(result, messages)));
        if (!result.files().isEmpty()) {
            lines.add(Line.of(messages.say("sum.verified", levels(result))));
        }
        long sizeOnly = result.files().stream()
                .filter(file -> file.verified() == Verification.SIZE)
                .count();
        if (sizeOnly > 0) {
            lines.add(Line.note(messages.say("sum.size-only", sizeOnly)));
        }
        List<String> code = codeFromElsewhere(result);
        if (!code.isEmpty()) {
            lines.add(Line.note(messages.say("sum.code", code.size(), code.get(0))));
        }
        return lines;
    }

    private static String amount(FetchResult result, Messages messages) {
        String files = Integer.toString(result.files().size());
        long total = result.files().stream().mapToLong(FetchResult.Item::size).sum();
        String took = Figures.took(result.elapsed());
        if (result.files().stream().allMatch(FetchResult.Item::reused)) {
            return messages.say("sum.reused", files, Figures.bytes(total), took);
        }
        String line = messages.say(
                "sum.fetched",
                files,
                Figures.bytes(total),
                Figures.bytes(result.bytesFetched()),
                took,
                Figures.rate(perSecond(result.bytesFetched(), result.elapsed())),
                origins(result));
        return result.bytesReused() == 0
                ? line
                : line + messages.say("sum.and-reused", Figures.bytes(result.bytesReused()));
    }

    private static double perSecond(long bytes, Duration time) {
        return bytes * 1000.0 / Math.max(1, time.toMillis());
    }

    /** For example {@code modelscope 9, mirror 3}: the files each source had a part in, the busiest first. */
    private static String origins(FetchResult result) {
        Map<String, Long> counts = result.files().stream()
                .filter(file -> !file.reused())
                .flatMap(file -> file.from().stream())
                .collect(Collectors.groupingBy(source -> source, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String levels(FetchResult result) {
        return Arrays.stream(Verification.values())
                .map(level -> Map.entry(
                        level,
                        result.files().stream()
                                .filter(file -> file.verified() == level)
                                .count()))
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getValue() + " " + entry.getKey().word())
                .collect(Collectors.joining(", "));
    }

    /** Files that may hold code, in no independent manifest, and sent by someone other than the hub itself. */
    private static List<String> codeFromElsewhere(FetchResult result) {
        return result.files().stream()
                .filter(file -> WEAK.contains(file.verified()))
                .filter(file -> CODE.contains(file.path().substring(file.path().lastIndexOf('.') + 1)))
                // A family is called like the hub it comes from.
                .filter(file -> file.from().stream()
                        .anyMatch(source -> !source.equals(result.family()) && !source.equals(CACHE)))
                .map(FetchResult.Item::path)
                .toList();
    }
}

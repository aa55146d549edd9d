package dev.modelfetch.cli.screen;

import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
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

    public static List<Line> lines(Snapshot result, Messages messages) {
        if (result.files().isEmpty()) {
            return List.of(Line.note(messages.say("sum.empty", result.repo(), result.revision())));
        }
        List<Line> lines = new ArrayList<>();
        lines.add(Line.good(amount(result, messages)));
        lines.add(Line.of(checked(result, messages)));
        long sizeOnly = result.files().stream()
                .filter(file -> file.verified() == Verification.SIZE)
                .count();
        if (sizeOnly > 0) {
            lines.add(Line.note(messages.say("sum.size-only", Count.files(sizeOnly, messages))));
        }
        List<String> code = codeFromElsewhere(result);
        if (!code.isEmpty()) {
            lines.add(Line.note(messages.say("sum.code", Count.files(code.size(), messages), code.get(0))));
        }
        return lines;
    }

    private static String amount(Snapshot result, Messages messages) {
        List<Snapshot.Item> fetched =
                result.files().stream().filter(file -> !file.reused()).toList();
        String took = Figures.took(result.elapsed());
        if (fetched.isEmpty()) {
            long total = result.files().stream().mapToLong(Snapshot.Item::size).sum();
            String files = Count.files(result.files().size(), messages);
            return messages.say("sum.reused", files, Figures.bytes(total), took);
        }
        String line = messages.say(
                "sum.fetched",
                Count.files(fetched.size(), messages),
                Figures.bytes(result.bytesFetched()),
                took,
                Figures.rate(perSecond(result.bytesFetched(), result.elapsed())),
                origins(result, fetched, messages));
        return result.bytesReused() == 0
                ? line
                : line + messages.say("sum.and-reused", Figures.bytes(result.bytesReused()));
    }

    private static double perSecond(long bytes, Duration time) {
        return bytes * 1000.0 / Math.max(1, time.toMillis());
    }

    /**
     * For example {@code modelscope 61.0 MB, mirror 20.4 MB}, the busiest first. Where a file came from several sources
     * or in several runs nobody knows whose bytes are whose, and files are counted instead.
     */
    private static String origins(Snapshot result, List<Snapshot.Item> fetched, Messages messages) {
        boolean exact = fetched.stream().allMatch(file -> file.from().size() == 1)
                && fetched.stream().mapToLong(Snapshot.Item::size).sum() == result.bytesFetched();
        Map<String, Long> shares = new TreeMap<>();
        for (Snapshot.Item file : fetched) {
            file.from().forEach(source -> shares.merge(source, exact ? file.size() : 1, Long::sum));
        }
        if (shares.size() == 1) {
            return shares.keySet().iterator().next();
        }
        return shares.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(share -> share.getKey() + " "
                        + (exact ? Figures.bytes(share.getValue()) : Count.files(share.getValue(), messages)))
                .collect(Collectors.joining(messages.say("sum.and")));
    }

    private static String checked(Snapshot result, Messages messages) {
        Map<Verification, Long> counts = new EnumMap<>(Verification.class);
        result.files().forEach(file -> counts.merge(file.verified(), 1L, Long::sum));
        if (counts.size() > 1) {
            return messages.say(
                    "sum.checked",
                    counts.entrySet().stream()
                            .map(entry -> messages.say(
                                    "sum.part", Figures.count(entry.getValue()), level(entry.getKey(), messages)))
                            .collect(Collectors.joining(messages.say("sum.and"))));
        }
        String level = level(counts.keySet().iterator().next(), messages);
        int files = result.files().size();
        return files == 1
                ? messages.say("sum.checked-one", level)
                : messages.say("sum.checked-all", Figures.count(files), level);
    }

    private static String level(Verification level, Messages messages) {
        return messages.say("level." + level.word());
    }

    /** Files that may hold code, in no independent manifest, and sent by someone other than the hub itself. */
    private static List<String> codeFromElsewhere(Snapshot result) {
        return result.files().stream()
                .filter(file -> WEAK.contains(file.verified()))
                .filter(file -> CODE.contains(file.path().substring(file.path().lastIndexOf('.') + 1)))
                // A family is called like the hub it comes from.
                .filter(file -> file.from().stream()
                        .anyMatch(source -> !source.equals(result.family()) && !source.equals(CACHE)))
                .map(Snapshot.Item::path)
                .toList();
    }
}

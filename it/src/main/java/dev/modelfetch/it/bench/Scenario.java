package dev.modelfetch.it.bench;

import dev.modelfetch.testing.hub.Repository;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * One situation to measure.
 *
 * @param letter its short name
 * @param title for people
 * @param repository what is to be fetched
 * @param lines how each hub is reached; a hub without a line is mute, or refuses connections, see {@code mute}
 * @param mute the hub that accepts connections and never answers
 * @param alone whether each tool gets only the one hub it speaks to best, so that all have the same line
 * @param act what is measured
 */
record Scenario(
        String letter,
        String title,
        Repository repository,
        Map<Hub, Line> lines,
        Optional<Hub> mute,
        boolean alone,
        Act act) {

    /** What is measured. */
    enum Act {
        /** A first download. */
        FETCH,
        /** A first download of which the processor time matters. */
        BURN,
        /** The same command again after everything has arrived. */
        REPEAT,
        /** The same command again after it was stopped half way. */
        RESUME,
        /** A first download, half way through which everything is away for a while. */
        OUTAGE
    }

    /** Bytes of all files. */
    long size() {
        return repository.head().files().values().stream()
                .mapToLong(file -> file.content().size())
                .sum();
    }

    /** Bytes that the measured command has to bring. */
    long due() {
        return switch (act) {
            case FETCH, BURN, OUTAGE -> size();
            case REPEAT -> 0;
            case RESUME -> size() - size() / 2;
        };
    }

    /** Bytes per second that all lines together can carry for one tool, 0 for no limit. */
    long limit() {
        long all = lines.values().stream().mapToLong(Line::total).sum();
        return alone ? lines.values().stream().mapToLong(Line::total).max().orElse(0) : all;
    }

    /** The hub a tool for the Hub's protocol would be pointed at here. */
    Hub forHubTools() {
        return alone ? Hub.HUGGING_FACE : Hub.MIRROR;
    }

    /** The hub whose addresses somebody would take for a tool that wants addresses: the quickest. */
    Hub forPlainTools() {
        return alone ? Hub.HUGGING_FACE : quickest();
    }

    private Hub quickest() {
        return lines.entrySet().stream()
                .max(Comparator.comparingLong(entry -> entry.getValue().total() == 0
                        ? Long.MAX_VALUE
                        : entry.getValue().total()))
                .orElseThrow()
                .getKey();
    }
}

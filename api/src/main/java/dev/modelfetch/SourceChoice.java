package dev.modelfetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which sources a job may talk to. */
public sealed interface SourceChoice {

    /** Race all of them. */
    record Auto() implements SourceChoice {}

    /**
     * A hard wall: only these, preferred in this order; no request leaves for any other source.
     *
     * @param sources ids or short names, at least one, no repetition
     */
    record Only(List<String> sources) implements SourceChoice {
        public Only {
            sources = List.copyOf(sources);
            if (sources.isEmpty() || sources.stream().distinct().count() != sources.size()) {
                throw new FetchException.Usage(
                        Message.of("bad-source-list", "The list of sources {0} is empty or names one twice.", sources),
                        Hint.plain("Use auto, one source, or a list such as modelscope,mirror."));
            }
        }
    }

    static SourceChoice auto() {
        return new Auto();
    }

    static SourceChoice only(String... sources) {
        return new Only(List.of(sources));
    }

    /**
     * Reads {@code auto}, a name, or names separated by commas. Whether a name exists is known only to the {@link
     * Modelfetch} that runs the job.
     *
     * @throws FetchException.Usage if the list is empty, has a gap, or mixes {@code auto} with names
     */
    static SourceChoice parse(String text) {
        List<String> names = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            names.add(part.trim().toLowerCase(Locale.ROOT));
        }
        if (names.equals(List.of("auto"))) {
            return new Auto();
        }
        if (names.contains("auto") || names.contains("")) {
            throw new FetchException.Usage(
                    Message.of("bad-source-choice", "\"{0}\" is not a choice of sources.", text),
                    Hint.plain("Use auto, one source, or a list such as modelscope,mirror."));
        }
        return new Only(names);
    }
}

package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whose tools are to find the files. */
enum Layout {
    HUGGINGFACE,
    MODELSCOPE;

    static final List<String> WORDS = Arrays.stream(values()).map(Layout::word).toList();

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws FetchException.Usage if it is none */
    static Layout parse(String text) {
        return Arrays.stream(values())
                .filter(layout -> layout.word().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new FetchException.Usage(
                        Message.of("bad-layout", "\"{0}\" is not a layout.", text),
                        Hint.of("use-either", "Use " + String.join(" or ", WORDS) + ".", String.join(" or ", WORDS))));
    }
}

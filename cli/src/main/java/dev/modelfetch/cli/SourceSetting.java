package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code SOURCE=URL}: what an option says about one source.
 *
 * @param source its id, even where a short name was typed
 */
record SourceSetting(String source, String value) {

    /** The short names people type, so that an option replaces what the environment says of the same source. */
    private static final Map<String, String> SHORT =
            Map.of("hf", "huggingface", "hf-mirror", "mirror", "ms", "modelscope");

    static String idOf(String name) {
        return SHORT.getOrDefault(name, name);
    }

    /** By source; the last word about each counts. */
    static Map<String, String> bySource(List<SourceSetting> given) {
        Map<String, String> settings = new LinkedHashMap<>();
        given.forEach(setting -> settings.put(setting.source(), setting.value()));
        return settings;
    }

    private static SourceSetting parse(String option, String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new FetchException.Usage(
                    Message.of("bad-source-setting", "{0} {1} does not say which source and what.", option, text),
                    Hint.of(
                            "source-setting",
                            "Write " + option + " SOURCE=URL, for example " + option + " mirror=https://hf-mirror.com.",
                            option,
                            option));
        }
        return new SourceSetting(
                idOf(text.substring(0, equals).trim().toLowerCase(Locale.ROOT)),
                text.substring(equals + 1).trim());
    }

    /** Of {@code --endpoint}. */
    static SourceSetting ofEndpoint(String text) {
        return parse("--endpoint", text);
    }

    /** Of {@code --proxy}. */
    static SourceSetting ofProxy(String text) {
        return parse("--proxy", text);
    }
}

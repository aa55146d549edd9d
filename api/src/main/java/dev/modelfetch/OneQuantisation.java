package dev.modelfetch;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One GGUF quantisation and its projector.
 *
 * @param name in upper case, {@code F16} for what is also called {@code FP16}
 */
record OneQuantisation(String name) implements Portion {

    private static final Pattern NAME = Pattern.compile("[A-Z0-9]+(?:[-_.][A-Z0-9]+)*");

    OneQuantisation {
        String asked = name;
        name = GgufModel.usual(name.trim().toUpperCase(Locale.ROOT));
        if (!NAME.matcher(name).matches()) {
            throw new FetchException.Usage(
                    Message.of("bad-quantisation", "\"{0}\" is not the name of a quantisation.", asked),
                    Hint.plain("Name one such as Q4_K_M, IQ4_XS, Q8_0 or BF16."));
        }
    }

    @Override
    public List<RepoFile> of(List<RepoFile> offered, Manifest manifest) {
        return new GgufModels(offered, manifest).named(name);
    }

    @Override
    public String toString() {
        return "the quantisation " + name;
    }
}

package dev.modelfetch;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model in one quantisation, as files are named by those who make them: {@code Q4_K_M/Tiny-Q4_K_M-00001-of-00003.gguf}.
 *
 * @param base the model that was quantised, in lower case: folders and name without what only says how
 * @param quantisation in upper case, for example {@code UD-Q4_K_XL}; the whole name where it tells none
 * @param parts one file, or the parts of it; not empty
 */
record GgufModel(String base, String quantisation, List<WeightFile> parts) {

    private static final Pattern QUANTISATION = Pattern.compile(
            "(?<![a-z0-9])(?:ud-)?(?:i?q[1-9](?:_[a-z0-9]+)*|tq[12]_0|i2_s|bf16|fp?16|fp?32|mxfp4(?:_moe)?|nvfp4)(?![a-z0-9_])");
    private static final Pattern PROJECTOR = Pattern.compile("(?<![a-z0-9])mmproj(?![a-z0-9])");
    private static final Pattern NO_MODEL = Pattern.compile("(?<![a-z0-9])imatrix(?![a-z0-9])");
    private static final Pattern FLOAT = Pattern.compile("FP(16|32)");

    /** @param parts of one set */
    static GgufModel of(List<WeightFile> parts) {
        WeightFile first = parts.get(0);
        String folder = first.folder().toLowerCase(Locale.ROOT);
        String said = last(first.stem());
        if (said.isEmpty()) {
            said = last(folder);
        }
        String quantisation = said;
        String base = Stream.of(folder.split("/"))
                .filter(segment -> !segment.isEmpty() && (quantisation.isEmpty() || !segment.contains(quantisation)))
                .map(segment -> segment + "/")
                .collect(Collectors.joining());
        return new GgufModel(
                base + without(quantisation, first.stem()),
                usual((quantisation.isEmpty() ? first.stem() : quantisation).toUpperCase(Locale.ROOT)),
                parts);
    }

    private static String last(String text) {
        Matcher found = QUANTISATION.matcher(text);
        String last = "";
        while (found.find()) {
            last = found.group();
        }
        return last;
    }

    private static String without(String quantisation, String stem) {
        String rest = quantisation.isEmpty() ? stem : stem.replace(quantisation, "");
        return rest.replaceAll("[-._ ]+", "-").replaceAll("^-|-$", "");
    }

    /** {@code FP16} is {@code F16}. */
    static String usual(String quantisation) {
        return FLOAT.matcher(quantisation).matches() ? quantisation.replace("P", "") : quantisation;
    }

    /** Whether it is called just that. */
    boolean isCalled(String name) {
        return quantisation.equals(name);
    }

    /** Whether its name has that in it as a word of its own, as {@code UD-Q4_K_XL} has {@code Q4_K_XL}. */
    boolean mentions(String name) {
        return Pattern.compile("(?<![a-z0-9_])" + Pattern.quote(name.toLowerCase(Locale.ROOT)) + "(?![a-z0-9_])")
                .matcher(parts.get(0).stem())
                .find();
    }

    /** Whether it only turns pictures or sound into what a model reads. */
    boolean isProjector() {
        return PROJECTOR.matcher(parts.get(0).stem()).find();
    }

    /** Whether it holds what quantising took into account, and no weights. */
    boolean isImportanceMatrix() {
        return NO_MODEL.matcher(parts.get(0).stem()).find();
    }

    /** Whether that projector is by its name for this very model. */
    boolean isServedBy(GgufModel projector) {
        return name(projector.base.replaceAll("(?<![a-z0-9])mmproj(?:-model)?(?![a-z0-9])", ""))
                .equals(name(base));
    }

    private static String name(String base) {
        return base.substring(base.lastIndexOf('/') + 1).replaceAll("-+", "-").replaceAll("^-|-$", "");
    }

    String folder() {
        return parts.get(0).folder();
    }

    boolean isInParts() {
        return parts.get(0).of() > 0;
    }

    String path() {
        return parts.get(0).file().path();
    }

    long bytes() {
        return parts.stream().mapToLong(part -> part.file().size()).sum();
    }

    List<RepoFile> files() {
        return parts.stream().map(WeightFile::file).toList();
    }
}

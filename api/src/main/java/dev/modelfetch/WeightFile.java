package dev.modelfetch;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the path of a file says of the weights in it. {@code unet/model.fp16-00002-of-00003.safetensors} is number 2 of 3
 * of the variant {@code fp16} of {@code model} in {@code unet/}.
 *
 * @param folder empty, or ending in a slash
 * @param stem lower case, without variant, number and extension
 * @param variant lower case; empty for the usual one, and in GGUF, where the stem tells the quantisation
 * @param number of this part
 * @param of how many parts there are; 0 where it is all in one
 * @param index whether it only says which tensor is in which part
 */
record WeightFile(
        RepoFile file, Weights format, String folder, String stem, String variant, int number, int of, boolean index) {

    static final Hint HALF =
            Hint.of("half-model", "Half a model is of no use: choose another source or revision, that has all of it.");

    private static final Map<Weights, Pattern> NAMES = names();

    /** Folders that hold one format, with the configuration that goes with it. */
    private static final Pattern RUNTIME =
            Pattern.compile("(?:.*/)?(?:(onnx|openvino|coreml|tflite)|[^/]+\\.(?:mlpackage|mlmodelc))/");

    private static final Pattern INDEX =
            Pattern.compile("(.+\\.(?:safetensors|bin|h5|msgpack))\\.index(?:\\.([^.]+))?\\.json");
    private static final Pattern EXTENSION = Pattern.compile(
            "\\.(?:safetensors|bin|pt|pth|ckpt|gguf(?:-split-\\w+)?|onnx(?:[._]data\\w*)?|xml|h5|keras|msgpack|ot|tflite)$");
    /** As llama.cpp's users cut files before there were parts. */
    private static final Pattern CUT = Pattern.compile("\\.gguf\\.part(\\d{1,5})of(\\d{1,5})$");

    private static final Pattern PART = Pattern.compile("(.+?)[-_.](\\d{1,6})-of-(\\d{1,6})(\\..+)?");
    private static final Pattern VARIANT =
            Pattern.compile("(.+)\\.(fp16|bf16|fp32|fp8(?:_\\w+)?|int8|int4|8bit|4bit|ema|non_ema|no_ema)");
    /** Of exports. */
    private static final Pattern TAIL = Pattern.compile("(.+?)_(fp16|bf16|fp32|u?int8|u?int4|q4|q4f16|q8|q8f16|bnb4|nf4"
            + "|quantized|optimized|o[1-4]|qu?int8(?:_\\w+)?|int8_\\w+)");

    /** What training goes on from, of no use for anything else. */
    private static final Pattern TRAINING = Pattern.compile(
            "(?:optimizer|scheduler|scaler|training_args)(?:[-_.][-.\\w]*)?\\.(?:bin|pt|pth)"
                    + "|rng_state.*\\.pth|random_states_\\d+\\.pkl|.+_(?:model|optim)_states\\.pt|events\\.out\\.tfevents\\..+");

    private static final Pattern NO_WEIGHTS = Pattern.compile("(?:tokenizer|vocab)\\b.*");

    private static Map<Weights, Pattern> names() {
        Map<Weights, Pattern> names = new EnumMap<>(Weights.class);
        names.put(Weights.SAFETENSORS, Pattern.compile(".+\\.safetensors"));
        names.put(Weights.BIN, Pattern.compile("(?!openvino_).+\\.(?:bin|pt|pth|ckpt)"));
        names.put(Weights.GGUF, Pattern.compile(".+\\.gguf(?:\\.part\\d{1,5}of\\d{1,5}|-split-\\w+)?"));
        names.put(Weights.ONNX, Pattern.compile(".+\\.onnx(?:[._]data\\w*)?"));
        names.put(Weights.OPENVINO, Pattern.compile("openvino_.+\\.(?:bin|xml)"));
        names.put(
                Weights.TENSORFLOW,
                Pattern.compile(
                        ".+\\.(?:h5|keras|pb)|.+\\.ckpt(?:-\\d+)?\\.(?:data-.+|index|meta)|variables\\.(?:data-.+|index)"));
        names.put(Weights.FLAX, Pattern.compile(".+\\.msgpack"));
        names.put(Weights.RUST, Pattern.compile(".+\\.ot"));
        names.put(Weights.COREML, Pattern.compile(".+\\.mlmodel"));
        names.put(Weights.TFLITE, Pattern.compile(".+\\.(?:tflite|task|litertlm)"));
        names.put(Weights.PADDLE, Pattern.compile(".+\\.(?:pdparams|pdmodel|pdiparams)"));
        names.put(Weights.NEMO, Pattern.compile(".+\\.nemo"));
        return names;
    }

    /** Those among the rows that hold weights. */
    static List<WeightFile> among(Collection<RepoFile> rows, Manifest manifest) {
        Set<String> paths = manifest.paths();
        return rows.stream().flatMap(row -> of(row, paths).stream()).toList();
    }

    /**
     * Empty if it holds none.
     *
     * @param paths everything listed: {@code model.bin} beside {@code model.xml} is not what it is elsewhere
     */
    static Optional<WeightFile> of(RepoFile row, Set<String> paths) {
        String folder = row.path().substring(0, row.path().lastIndexOf('/') + 1);
        String name = row.path().substring(folder.length()).toLowerCase(Locale.ROOT);
        if (isTrainingState(row.path())) {
            return Optional.empty();
        }
        Matcher index = INDEX.matcher(name);
        if (index.matches()) {
            String variant = index.group(2) == null ? "" : index.group(2);
            return format(folder, index.group(1))
                    .map(format -> parsed(row, format, folder, index.group(1), variant, true));
        }
        Optional<Weights> format = isOpenVino(row.path(), paths) ? Optional.of(Weights.OPENVINO) : format(folder, name);
        return format.map(known -> parsed(row, known, folder, name, "", false));
    }

    private static Optional<Weights> format(String folder, String name) {
        Optional<Weights> own = NAMES.entrySet().stream()
                .filter(format -> format.getValue().matcher(name).matches())
                .findFirst()
                .map(Map.Entry::getKey);
        return own.isEmpty() || NO_WEIGHTS.matcher(name).matches()
                ? Optional.empty()
                : runtime(folder).or(() -> own);
    }

    private static boolean isOpenVino(String path, Set<String> paths) {
        return (path.endsWith(".bin") && paths.contains(other(path, ".xml")))
                || (path.endsWith(".xml") && paths.contains(other(path, ".bin")));
    }

    private static String other(String path, String extension) {
        return path.substring(0, path.length() - extension.length()) + extension;
    }

    private static WeightFile parsed(
            RepoFile row, Weights format, String folder, String name, String said, boolean index) {
        String stem = EXTENSION
                .matcher(CUT.matcher(name).replaceFirst("-$1-of-$2.gguf"))
                .replaceFirst("");
        int number = 0;
        int of = 0;
        Matcher part = PART.matcher(stem);
        // Files of other kinds may have numbers that mean something else.
        if (stem.length() < name.length() && part.matches()) {
            stem = part.group(1) + (part.group(4) == null ? "" : part.group(4));
            number = Integer.parseInt(part.group(2));
            of = Integer.parseInt(part.group(3));
        }
        String variant = said;
        Matcher tail = (format == Weights.ONNX || format == Weights.OPENVINO ? TAIL : VARIANT).matcher(stem);
        if (format != Weights.GGUF && tail.matches()) {
            stem = tail.group(1);
            variant = tail.group(2);
        }
        return new WeightFile(row, format, folder, stem, variant, number, of, index);
    }

    /** The format that the folder of a path is for; empty for most. */
    static Optional<Weights> runtime(String path) {
        Matcher folder = RUNTIME.matcher(path);
        if (!folder.lookingAt()) {
            return Optional.empty();
        }
        return Optional.of(folder.group(1) == null ? Weights.COREML : Weights.parse(folder.group(1)));
    }

    static boolean isTrainingState(String path) {
        return TRAINING.matcher(path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT))
                .matches();
    }

    /** Whether both are parts of one, or of the same one in one file. */
    boolean isOfOneSetWith(WeightFile other) {
        return !index
                && !other.index
                && format == other.format
                && of == other.of
                && folder.equals(other.folder)
                && stem.equals(other.stem)
                && variant.equals(other.variant);
    }

    /** Whether every part of it is listed. */
    boolean isWholeIn(List<WeightFile> listed) {
        return of == 0 || partsIn(listed) >= of;
    }

    /** @return what to say where a part of it is not listed */
    FetchException.NotFound incomplete(List<WeightFile> listed, Message place) {
        return new FetchException.NotFound(
                Message.of(
                        "half-model",
                        "Only {0} of the {1} parts of {2} ({3}) are there in {4}.",
                        partsIn(listed),
                        of,
                        folder + stem + (variant.isEmpty() ? "" : "." + variant),
                        format.word(),
                        place),
                HALF);
    }

    private long partsIn(List<WeightFile> listed) {
        return listed.stream()
                .filter(this::isOfOneSetWith)
                .map(WeightFile::number)
                .distinct()
                .count();
    }
}

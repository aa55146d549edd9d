package dev.modelfetch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whatever is no weights, and weights of one format. */
record OneFormat(Weights wanted) implements Portion {

    /** What transformers and diffusers load; within one model they may be mixed, folder by folder. */
    private static final Set<Weights> PYTORCH = EnumSet.of(Weights.SAFETENSORS, Weights.BIN);

    /** The names under which loaders look for the weights of a folder, without the framework in them. */
    private static final Set<String> LOADED = Set.of("model", "diffusion_model", "adapter_model", "open_clip_model");

    private static final Pattern FRAMEWORK = Pattern.compile("(?:pytorch|flax|tf|rust)_");

    /** Folders with copies for other programs and with states of the training. */
    private static final Pattern SPARE = Pattern.compile("(?:.*/)?(?:original|metal|checkpoint-\\d+|global_step\\d+)/");

    /** Where it is, the folders are parts of a pipeline, and what lies beside it are copies of all of it. */
    private static final String PIPELINE = "model_index.json";

    /** Which variant stands in where the usual one is missing. */
    private static final List<String> SUBSTITUTES = List.of("", "fp16", "bf16", "fp32");

    /** A format whose largest weights are less than this part of what another has is an accessory: voices, embeddings. */
    private static final int ACCESSORY = 20;

    @Override
    public List<RepoFile> of(List<RepoFile> offered, Manifest manifest) {
        Message place = Portion.place(offered, manifest);
        List<WeightFile> there = WeightFile.among(offered, manifest);
        Set<Weights> formats = formats(there, place);
        List<WeightFile> pool = originals(first(in(formats, there), manifest));
        List<WeightFile> weights = wanted == Weights.BEST ? folderByFolder(pool) : pool;
        checkParts(weights, there, manifest, place);
        List<WeightFile> listed = WeightFile.among(manifest.files(), manifest);
        List<RepoFile> taken = new ArrayList<>();
        for (List<WeightFile> alternatives :
                groups(weights, file -> List.of(file.format(), file.folder(), file.stem()))) {
            loaded(alternatives, weights, listed, place).forEach(file -> taken.add(file.file()));
        }
        if (formats.contains(Weights.GGUF)) {
            taken.addAll(new GgufModels(offered, manifest).usual());
        }
        taken.addAll(withThem(offered, there, formats, List.copyOf(taken)));
        return taken;
    }

    private Set<Weights> formats(List<WeightFile> there, Message place) {
        Map<Weights, Long> largest = new EnumMap<>(Weights.class);
        Map<Weights, Long> all = new EnumMap<>(Weights.class);
        for (List<WeightFile> set : groups(
                there.stream().filter(file -> !file.index()).toList(),
                file -> List.of(file.format(), file.folder(), file.stem(), file.variant(), file.of()))) {
            long bytes = set.stream().mapToLong(file -> file.file().size()).sum();
            largest.merge(set.get(0).format(), bytes, Math::max);
            all.merge(set.get(0).format(), bytes, Long::sum);
        }
        if (wanted == Weights.BEST ? all.isEmpty() : !all.containsKey(wanted)) {
            throw absent(all, place);
        }
        return wanted == Weights.BEST ? best(largest) : EnumSet.of(wanted);
    }

    /** PyTorch's, and where those are no more than an accessory, the first of the others to which they are. */
    private static Set<Weights> best(Map<Weights, Long> largest) {
        Set<Weights> best = EnumSet.copyOf(PYTORCH);
        long own = PYTORCH.stream()
                .mapToLong(format -> largest.getOrDefault(format, -1L))
                .max()
                .orElse(-1);
        largest.entrySet().stream()
                .filter(format -> !PYTORCH.contains(format.getKey()) && format.getValue() / ACCESSORY > own)
                .findFirst()
                .ifPresent(format -> best.add(format.getKey()));
        return best;
    }

    private FetchException.NotFound absent(Map<Weights, Long> all, Message place) {
        if (all.isEmpty()) {
            Hint everything = Hint.of("no-weights", "Ask for everything, without a choice of weights.");
            return new FetchException.NotFound(
                    wanted == Weights.BEST
                            ? Message.of("no-weights", "There are no weights in {0}.", place)
                            : Message.of("no-such-weights", "There are no {0} weights in {1}.", wanted.word(), place),
                    everything);
        }
        String formats = all.entrySet().stream()
                .map(format -> format.getKey().word() + " (" + new Size(format.getValue()) + ")")
                .collect(Collectors.joining(", "));
        return new FetchException.NotFound(
                Message.of(
                        "other-weights", "There are no {0} weights in {1}: it has {2}.", wanted.word(), place, formats),
                Hint.of("choose-weights", "Choose one of those formats, or the best there is."));
    }

    private static List<WeightFile> in(Set<Weights> formats, List<WeightFile> files) {
        return files.stream()
                .filter(file -> formats.contains(file.format()) && file.format() != Weights.GGUF)
                .toList();
    }

    /** Without the spare ones, unless there are no others. */
    private static List<WeightFile> first(List<WeightFile> files, Manifest manifest) {
        boolean pipeline = manifest.file(PIPELINE).isPresent();
        List<WeightFile> first = files.stream()
                .filter(file -> spare(file.file().path()).isEmpty()
                        && !(pipeline && file.folder().isEmpty()))
                .toList();
        return first.stream().allMatch(WeightFile::index) ? files : first;
    }

    /** The spare folder that a path is in; empty for most. */
    private static String spare(String path) {
        Matcher folder = SPARE.matcher(path);
        return folder.lookingAt() ? folder.group() : "";
    }

    /** Without what a model was converted from, where its folder has the model itself. */
    private static List<WeightFile> originals(List<WeightFile> files) {
        Set<String> folders = files.stream()
                .filter(file -> !file.index() && isLoaded(file))
                .map(WeightFile::folder)
                .collect(Collectors.toSet());
        return files.stream()
                .filter(file -> !(file.stem().startsWith("consolidated") && folders.contains(file.folder())))
                .toList();
    }

    /** In each folder safetensors, and of PyTorch's own only what a loader needs that has no equivalent there. */
    private static List<WeightFile> folderByFolder(List<WeightFile> files) {
        Map<String, Set<String>> safe = files.stream()
                .filter(file -> file.format() == Weights.SAFETENSORS && !file.index())
                .collect(Collectors.groupingBy(
                        WeightFile::folder, Collectors.mapping(OneFormat::role, Collectors.toSet())));
        return files.stream()
                .filter(file -> {
                    Set<String> replaced = safe.getOrDefault(file.folder(), Set.of());
                    return file.format() != Weights.BIN
                            || replaced.isEmpty()
                            || (isLoaded(file) && !replaced.contains(role(file)));
                })
                .toList();
    }

    /** What a file is to a loader, whatever framework wrote it: {@code pytorch_model} is {@code model}. */
    private static String role(WeightFile file) {
        return FRAMEWORK.matcher(file.stem()).replaceFirst("");
    }

    private static boolean isLoaded(WeightFile file) {
        return LOADED.contains(role(file));
    }

    /** A model of several parts is of no use if one of them is only there in the other format. */
    private void checkParts(List<WeightFile> weights, List<WeightFile> there, Manifest manifest, Message place) {
        if (!PYTORCH.contains(wanted) || weights.stream().noneMatch(OneFormat::isLoaded)) {
            return;
        }
        Set<List<String>> parts =
                weights.stream().map(file -> List.of(file.folder(), role(file))).collect(Collectors.toSet());
        List<WeightFile> others = first(in(PYTORCH, there), manifest).stream()
                .filter(file -> !file.index() && isLoaded(file))
                .filter(file -> !parts.contains(List.of(file.folder(), role(file))))
                .toList();
        if (!others.isEmpty()) {
            throw new FetchException.NotFound(
                    Message.of(
                            "mixed-weights",
                            "{0} has no equivalent in {1} in {2}.",
                            others.get(0).file().path(),
                            wanted.word(),
                            place),
                    Hint.of("mixed-weights", "Ask for the best format of each part, or exclude that part."));
        }
    }

    /** Of the forms that one set of weights is there in, the one that a loader takes when nothing is said. */
    private static List<WeightFile> loaded(
            List<WeightFile> alternatives, List<WeightFile> all, List<WeightFile> listed, Message place) {
        List<WeightFile> weights =
                alternatives.stream().filter(file -> !file.index()).toList();
        if (weights.isEmpty()) {
            return indexAlone(alternatives.get(0), all, place);
        }
        Collection<String> variants = variants(weights);
        return groups(alternatives, WeightFile::variant).stream()
                .filter(variant -> variants.contains(variant.get(0).variant()))
                .flatMap(variant -> complete(variant, listed, place))
                .toList();
    }

    /** The usual one or its best substitute; all where nothing says which. */
    private static Collection<String> variants(List<WeightFile> weights) {
        Set<String> variants = weights.stream().map(WeightFile::variant).collect(Collectors.toSet());
        return SUBSTITUTES.stream()
                .filter(variants::contains)
                .findFirst()
                .<Collection<String>>map(Set::of)
                .orElse(variants);
    }

    /** All in one, or every part with its index. */
    private static Stream<WeightFile> complete(List<WeightFile> variant, List<WeightFile> listed, Message place) {
        List<WeightFile> one =
                variant.stream().filter(file -> !file.index() && file.of() == 0).toList();
        if (!one.isEmpty()) {
            return one.stream();
        }
        List<WeightFile> parts = variant.stream().filter(file -> !file.index()).toList();
        List<List<WeightFile>> whole = groups(parts, WeightFile::of).stream()
                .filter(set -> set.get(0).isWholeIn(listed))
                .toList();
        if (whole.isEmpty()) {
            throw parts.get(0).incomplete(listed, place);
        }
        return Stream.concat(
                whole.stream().flatMap(List::stream), variant.stream().filter(WeightFile::index));
    }

    /** It goes with parts whose names are not numbered, if there are any. */
    private static List<WeightFile> indexAlone(WeightFile index, List<WeightFile> all, Message place) {
        if (all.stream()
                .noneMatch(file -> !file.index()
                        && file.format() == index.format()
                        && file.folder().equals(index.folder()))) {
            throw new FetchException.NotFound(
                    Message.of(
                            "index-alone",
                            "None of the parts that {0} speaks of is there in {1}.",
                            index.file().path(),
                            place),
                    WeightFile.HALF);
        }
        return List.of(index);
    }

    /** What is no weights, but for what goes with weights that are not taken. */
    private static List<RepoFile> withThem(
            List<RepoFile> offered, List<WeightFile> there, Set<Weights> formats, List<RepoFile> taken) {
        Set<RepoFile> weights = there.stream().map(WeightFile::file).collect(Collectors.toSet());
        Set<String> spares = taken.stream().map(file -> spare(file.path())).collect(Collectors.toSet());
        return offered.stream()
                .filter(file -> !weights.contains(file)
                        && !WeightFile.isTrainingState(file.path())
                        && WeightFile.runtime(file.path())
                                .map(formats::contains)
                                .orElse(true)
                        && (spare(file.path()).isEmpty() || spares.contains(spare(file.path()))))
                .toList();
    }

    private static <K> Collection<List<WeightFile>> groups(List<WeightFile> files, Function<WeightFile, K> key) {
        return files.stream()
                .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    @Override
    public String toString() {
        return wanted == Weights.BEST ? "the best weights" : "the weights in " + wanted.word();
    }
}

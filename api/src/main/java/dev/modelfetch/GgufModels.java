package dev.modelfetch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The models in GGUF that a repository offers, most of them the same one in many quantisations. */
final class GgufModels {

    /** What llama.cpp takes where nothing is said. */
    private static final String USUAL = "Q4_K_M";

    /** Projectors are small, and lose more by quantisation than a model does. */
    private static final List<String> PROJECTORS = List.of("F16", "BF16", "F32");

    private final Message place;
    private final List<WeightFile> listed;
    private final List<GgufModel> models = new ArrayList<>();
    private final List<GgufModel> projectors = new ArrayList<>();

    GgufModels(List<RepoFile> offered, Manifest manifest) {
        this.place = Portion.place(offered, manifest);
        this.listed = gguf(manifest.files(), manifest);
        Map<Object, List<WeightFile>> sets = gguf(offered, manifest).stream()
                .collect(Collectors.groupingBy(
                        file -> List.of(file.folder(), file.stem(), file.variant(), file.of()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        for (List<WeightFile> parts : sets.values()) {
            GgufModel model = GgufModel.of(parts);
            if (!model.isImportanceMatrix()) {
                (model.isProjector() ? projectors : models).add(model);
            }
        }
    }

    private static List<WeightFile> gguf(List<RepoFile> rows, Manifest manifest) {
        return WeightFile.among(rows, manifest).stream()
                .filter(file -> file.format() == Weights.GGUF)
                .toList();
    }

    /** The only model, or the one that is usual. */
    List<RepoFile> usual() {
        if (models.isEmpty()) {
            return projectors.stream().flatMap(one -> one.files().stream()).toList();
        }
        if (models.stream().map(GgufModel::quantisation).distinct().count() == 1) {
            return complete(models);
        }
        if (models.stream().noneMatch(model -> model.isCalled(USUAL))) {
            throw new FetchException.Usage(
                    Message.of("several-quantisations", "There are several quantisations in {0}: {1}.", place, menu()),
                    Hint.of("choose-quantisation", "Choose one of those by its name."));
        }
        return named(USUAL);
    }

    /** @param name as in {@link OneQuantisation#name()} */
    List<RepoFile> named(String name) {
        List<GgufModel> called =
                models.stream().filter(model -> model.isCalled(name)).toList();
        if (called.isEmpty()) {
            called = models.stream().filter(model -> model.mentions(name)).toList();
        }
        if (called.isEmpty()) {
            throw new FetchException.NotFound(
                    models.isEmpty()
                            ? Message.of(
                                    "no-gguf",
                                    "There is no quantisation {0} in {1}: it has no GGUF files.",
                                    name,
                                    place)
                            : Message.of(
                                    "no-quantisation",
                                    "There is no quantisation {0} in {1}: it has {2}.",
                                    name,
                                    place,
                                    menu()),
                    Hint.plain(
                            models.isEmpty()
                                    ? "Quantised models are mostly in repositories of their own, whose name ends in -GGUF."
                                    : "Choose one of those."));
        }
        return complete(called);
    }

    /** @param called in one quantisation, perhaps of several models, or both as one file and in parts */
    private List<RepoFile> complete(List<GgufModel> called) {
        if (called.stream().map(GgufModel::base).distinct().count() > 1) {
            throw new FetchException.Usage(
                    Message.of(
                            "several-models",
                            "Several models are {0} in {1}: {2}.",
                            called.get(0).quantisation(),
                            place,
                            called.stream().map(GgufModel::path).collect(Collectors.joining(", "))),
                    Hint.of("which-model", "Name the file itself, or exclude the others."));
        }
        GgufModel model = called.stream()
                .filter(one -> one.parts().get(0).isWholeIn(listed))
                .min(Comparator.comparing(GgufModel::isInParts))
                .orElseThrow(() -> called.get(0).parts().get(0).incomplete(listed, place));
        return Stream.concat(Stream.of(model), projectorsFor(model))
                .flatMap(one -> one.files().stream())
                .toList();
    }

    /** Those of the nearest folder; of them the ones named like the model, else all; of them the best precision. */
    private Stream<GgufModel> projectorsFor(GgufModel model) {
        int nearest = projectors.stream()
                .map(GgufModel::folder)
                .filter(model.folder()::startsWith)
                .mapToInt(String::length)
                .max()
                .orElse(-1);
        List<GgufModel> near = projectors.stream()
                .filter(one -> nearest < 0
                        || (one.folder().length() == nearest && model.folder().startsWith(one.folder())))
                .toList();
        List<GgufModel> own = near.stream().filter(model::isServedBy).toList();
        List<GgufModel> fitting = own.isEmpty() ? near : own;
        String best = PROJECTORS.stream()
                .filter(precision -> fitting.stream().anyMatch(one -> one.isCalled(precision)))
                .findFirst()
                .orElseGet(() -> fitting.isEmpty() ? "" : fitting.get(0).quantisation());
        return fitting.stream().filter(one -> one.isCalled(best));
    }

    /** What there is to choose from, the smallest first. */
    private String menu() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        models.stream()
                .sorted(Comparator.comparingLong(GgufModel::bytes))
                .forEach(model -> sizes.merge(model.quantisation(), model.bytes(), Math::min));
        return sizes.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + new Size(entry.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }
}

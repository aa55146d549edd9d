package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for the weights of any repository, however oddly it was put together. */
class RandomRepositoryTest {

    private static final List<String> FOLDERS =
            List.of("", "", "unet/", "text_encoder/", "onnx/", "original/", "voices/");
    private static final List<String> STEMS =
            List.of("model", "pytorch_model", "diffusion_pytorch_model", "consolidated", "adapter_model", "af", "x.y");
    private static final List<String> VARIANTS = List.of("", "", "", ".fp16", ".bf16", ".non_ema");
    private static final List<String> EXTENSIONS =
            List.of("safetensors", "safetensors", "bin", "bin", "msgpack", "onnx");
    private static final List<String> TEXTS =
            List.of("config.json", "README.md", "model_index.json", "tokenizer.json", "unet/config.json");
    private static final int REPOSITORIES = 1_500;

    private final Random random = new Random(20263);

    /** Every path with the paths of the set it is of: the parts of one file, or it alone. */
    private Map<String, Set<String>> repository() {
        Map<String, Set<String>> sets = new LinkedHashMap<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            String extension = one(EXTENSIONS);
            String stem = one(FOLDERS) + one(STEMS) + one(VARIANTS);
            boolean exported = extension.equals("onnx");
            Set<String> set = new HashSet<>();
            if (exported || random.nextBoolean()) {
                set.add(stem + "." + extension);
                set.addAll(exported && random.nextBoolean() ? List.of(stem + ".onnx_data") : List.of());
            } else {
                int parts = 1 + random.nextInt(3);
                Rows.parts(stem + "-{1.." + parts + "}-of-" + parts + "." + extension)
                        .forEach(set::add);
            }
            set.forEach(path -> sets.put(path, set));
        }
        TEXTS.stream().filter(text -> random.nextBoolean()).forEach(text -> sets.put(text, Set.of(text)));
        return sets;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Manifest listing(Set<String> paths) {
        List<String> shuffled = new ArrayList<>(paths);
        Collections.shuffle(shuffled, random);
        // By the length of the name, so that it is of no account in what order they are listed.
        return Rows.of(shuffled.stream()
                .map(path -> new RepoFile(path, 1_000L * path.length(), null, null, false))
                .toList());
    }

    private static Optional<List<String>> taken(Weights weights, Manifest manifest) {
        try {
            return Optional.of(Selection.all().weights(weights).from(manifest).stream()
                    .map(RepoFile::path)
                    .toList());
        } catch (FetchException.NotFound e) {
            return Optional.empty();
        }
    }

    @Test
    void whatIsTakenIsWholeAndOfOneKind() {
        int taken = 0;
        for (int i = 0; i < REPOSITORIES; i++) {
            Map<String, Set<String>> sets = repository();
            Manifest manifest = listing(sets.keySet());
            for (Weights weights : List.of(Weights.BEST, Weights.SAFETENSORS, Weights.BIN, Weights.ONNX)) {
                Optional<List<String>> paths = taken(weights, manifest);
                if (paths.isPresent()) {
                    taken++;
                    assertThat(paths.get())
                            .as("%s of %s", weights, sets.keySet())
                            .isSubsetOf(sets.keySet())
                            .allSatisfy(path -> assertThat(paths.get()).containsAll(sets.get(path)));
                    if (weights != Weights.BEST) {
                        assertThat(WeightFile.among(rows(manifest, paths.get()), manifest))
                                .as("%s of %s", weights, sets.keySet())
                                .isNotEmpty()
                                .allMatch(file -> file.format() == weights);
                    }
                }
            }
        }
        // Otherwise it would mean little.
        assertThat(taken).isGreaterThan(REPOSITORIES);
    }

    @Test
    void theBestIsThereWhereverThereIsAny() {
        for (int i = 0; i < REPOSITORIES; i++) {
            Set<String> paths = repository().keySet();
            assertThat(taken(Weights.BEST, listing(paths))).as("%s", paths).isPresent();
        }
    }

    @Test
    void takingTwiceIsTakingOnceInWhateverOrderTheyAreListed() {
        for (int i = 0; i < REPOSITORIES; i++) {
            Set<String> all = repository().keySet();
            for (Weights weights : List.of(Weights.BEST, Weights.SAFETENSORS, Weights.ONNX)) {
                taken(weights, listing(all)).ifPresent(once -> {
                    assertThat(taken(weights, listing(all)).orElseThrow())
                            .as("%s of %s", weights, all)
                            .containsExactlyInAnyOrderElementsOf(once);
                    assertThat(taken(weights, listing(new HashSet<>(once))).orElseThrow())
                            .as("%s of %s, again", weights, all)
                            .containsExactlyInAnyOrderElementsOf(once);
                });
            }
        }
    }

    @Test
    void nothingIsTakenOfASetThatLacksAPart() {
        int torn = 0;
        for (int i = 0; i < REPOSITORIES; i++) {
            Map<String, Set<String>> sets = repository();
            Set<String> listed = new HashSet<>(sets.keySet());
            Optional<String> part = listed.stream()
                    .filter(path -> path.contains("-of-0000"))
                    .sorted()
                    .findFirst();
            if (part.isPresent() && sets.get(part.get()).size() > 1) {
                torn++;
                listed.remove(part.get());
                taken(Weights.BEST, listing(listed))
                        .ifPresent(paths -> assertThat(paths)
                                .as("%s without %s", sets.keySet(), part)
                                .doesNotContainAnyElementsOf(sets.get(part.get())));
            }
        }
        assertThat(torn).isGreaterThan(REPOSITORIES / 10);
    }

    private static List<RepoFile> rows(Manifest manifest, List<String> paths) {
        return paths.stream().flatMap(path -> manifest.file(path).stream()).toList();
    }
}

package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.modelfetch.Address;
import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that another program has filled with the files of a repository, and which one that is by what the program has
 * left there.
 *
 * @param path of the files
 * @param repo as the program spells it
 * @param maker that has filled it
 */
record ForeignFolder(Path path, Repo repo, Maker maker) {

    /** Who fills folders. */
    enum Maker {
        HFD,
        GIT,
        /** Its folders are its own: people do not write to them. */
        MODELSCOPE,
        /** Whoever it was, the repository is named by the person. */
        SOMEBODY;

        /** The word for one whose folders can be looked for. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String SNAPSHOTS = "snapshots";
    private static final Pattern REMOTE = Pattern.compile("(?m)^\\s*url\\s*=\\s*(\\S+)\\s*$");

    /** The repository of one folder; empty if nothing says it. */
    static Optional<ForeignFolder> of(Path folder) {
        return Stream.<Function<Path, Optional<ForeignFolder>>>of(
                        ForeignFolder::ofHfd, ForeignFolder::ofGit, ForeignFolder::ofModelScope)
                .flatMap(reading -> reading.apply(folder).stream())
                .findFirst();
    }

    /** Those of hfd.sh in a folder, which may be one itself (mirrors.md 2.1: the default is {@code ./NAME}). */
    static List<ForeignFolder> ofHfdBelow(Path folder) throws IOException {
        return Stream.concat(Stream.of(folder), folders(folder).stream())
                .flatMap(each -> ofHfd(each).stream())
                .toList();
    }

    /** Everything in a cache of ModelScope's own tools, in the layouts that they have had (modelscope.md 6). */
    static List<ForeignFolder> ofModelScopeBelow(Path cache) throws IOException {
        List<ForeignFolder> found = new ArrayList<>();
        for (Path root : List.of(cache, cache.resolve("hub"))) {
            for (RepoType type : List.of(RepoType.MODEL, RepoType.DATASET)) {
                Path ofType = root.resolve(type.plural());
                found.addAll(current(ofType));
                found.addAll(classic(ofType, type));
            }
            // Any two folders look so: only those that have its notes.
            classic(root, RepoType.MODEL).stream()
                    .filter(ForeignFolder::hasNotes)
                    .forEach(found::add);
        }
        return found;
    }

    private static List<ForeignFolder> current(Path ofType) throws IOException {
        List<ForeignFolder> found = new ArrayList<>();
        for (Path repo : folders(ofType)) {
            for (Path revision : folders(repo.resolve(SNAPSHOTS))) {
                ofModelScope(revision).ifPresent(found::add);
            }
        }
        return found;
    }

    private static List<ForeignFolder> classic(Path root, RepoType type) throws IOException {
        List<ForeignFolder> found = new ArrayList<>();
        for (Path owner : folders(root)) {
            boolean isOwner = !owner.equals(root.resolve("hub"))
                    && Arrays.stream(RepoType.values())
                            .noneMatch(each -> nameOf(owner).equals(each.plural()));
            for (Path repo : isOwner ? folders(owner) : List.<Path>of()) {
                if (!nameOf(repo).equals(SNAPSHOTS)) {
                    named(repo, type, nameOf(owner) + "/" + unmasked(nameOf(repo)), Maker.MODELSCOPE)
                            .ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** What it has fetched is described as the hub did then. */
    private static Optional<ForeignFolder> ofHfd(Path folder) {
        Path description = folder.resolve(".hfd").resolve("repo_metadata.json");
        try {
            JsonObject json =
                    JsonParser.parseString(Files.readString(description)).getAsJsonObject();
            // Only models have their id under two names.
            RepoType type = json.has("modelId") ? RepoType.MODEL : RepoType.DATASET;
            return named(folder, type, json.get("id").getAsString(), Maker.HFD);
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static Optional<ForeignFolder> ofGit(Path folder) {
        try {
            Matcher remote =
                    REMOTE.matcher(Files.readString(folder.resolve(".git").resolve("config")));
            return remote.find()
                    ? Optional.of(new ForeignFolder(
                            folder, Address.parse(remote.group(1)).repo(), Maker.GIT))
                    : Optional.empty();
        } catch (IOException | FetchException.Usage e) {
            return Optional.empty();
        }
    }

    /** Only the path says it: {@code models/OWNER--NAME/snapshots/REV}, or OWNER/NAME with their notes in it. */
    private static Optional<ForeignFolder> ofModelScope(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        Path above = absolute.getParent();
        if (above == null || above.getParent() == null) {
            return Optional.empty();
        }
        if (nameOf(above).equals(SNAPSHOTS)) {
            Path ofType = above.getParent().getParent();
            RepoType type = ofType != null && nameOf(ofType).equals(RepoType.DATASET.plural())
                    ? RepoType.DATASET
                    : RepoType.MODEL;
            return named(folder, type, nameOf(above.getParent()).replaceFirst("--", "/"), Maker.MODELSCOPE);
        }
        RepoType type = nameOf(above.getParent()).equals(RepoType.DATASET.plural()) ? RepoType.DATASET : RepoType.MODEL;
        return Files.exists(absolute.resolve(".mdl"))
                ? named(folder, type, nameOf(above) + "/" + unmasked(nameOf(absolute)), Maker.MODELSCOPE)
                : Optional.empty();
    }

    private static boolean hasNotes(ForeignFolder folder) {
        return Stream.of(".msc", ".mdl", ".mv")
                .anyMatch(note -> Files.exists(folder.path().resolve(note)));
    }

    /** Their names on disk have no dots (modelscope.md 6.1). */
    private static String unmasked(String name) {
        return name.replace("___", ".");
    }

    private static Optional<ForeignFolder> named(Path folder, RepoType type, String id, Maker maker) {
        try {
            return Optional.of(new ForeignFolder(folder, Repo.of(type, id), maker));
        } catch (FetchException.Usage e) {
            return Optional.empty();
        }
    }

    /** Links are other names of what is there besides; names with a dot are their notes. */
    private static List<Path> folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> Files.isDirectory(each) && !Files.isSymbolicLink(each))
                    .filter(each -> !nameOf(each).startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}

package dev.modelfetch.testing.hub;

import dev.modelfetch.RepoType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A web server with plain directories and an index in each, for the sample source. Thread-safe. */
public final class TreeFace implements Face {

    private final Catalogue catalogue;

    TreeFace(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public Reply answer(Request request) {
        List<String> parts = request.target().segments();
        Optional<Commit> found = parts.size() < 3
                ? Optional.empty()
                : catalogue
                        .find(RepoType.MODEL, parts.get(0) + "/" + parts.get(1))
                        .map(Repository::head);
        Optional<Reply> reply = parts.size() == 3 && parts.get(2).equals("INDEX.tsv")
                ? found.map(TreeFace::index)
                : found.filter(commit -> parts.get(2).equals("files"))
                        .flatMap(commit -> commit.file(request.target().from(3)))
                        .map(file -> ByteRange.answer(request, Reply.file(file)));
        return reply.orElseGet(() -> Reply.text(404, "not found"));
    }

    private static Reply index(Commit commit) {
        return Reply.text(
                200,
                commit.files().values().stream()
                        .map(file ->
                                file.content().sha256() + "\t" + file.content().size() + "\t" + file.path() + "\n")
                        .collect(Collectors.joining()));
    }
}

package dev.modelfetch.it.stress;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The two ways of storing a repository, with every name that may be found there. */
enum Layout {
    CACHE(".modelfetch", "snapshots/COMMIT/", "refs/main", "blobs/([0-9a-f]{40}|[0-9a-f]{64})|trees/COMMIT\\.json"),
    DIRECTORY(
            ".cache/huggingface/modelfetch",
            "",
            ".cache/huggingface/modelfetch/REPO/refs/main",
            "\\.cache/huggingface/(\\.gitignore|CACHEDIR\\.TAG|trees/COMMIT\\.json|download/PATH\\.metadata)");

    private final String own;
    private final String root;
    private final String ref;
    private final String more;

    Layout(String own, String root, String ref, String more) {
        this.own = own;
        this.root = root;
        this.ref = ref;
        this.more = more;
    }

    /** What the command line says for it. */
    List<String> options(Lab lab, Repository repository) {
        return this == CACHE
                ? List.of()
                : List.of("--local-dir", folder(lab, repository).toString());
    }

    /** Everything that belongs to one repository. */
    Path folder(Lab lab, Repository repository) {
        return this == CACHE
                ? lab.cache().resolve(name(repository))
                : lab.home().resolve("plain");
    }

    private static String name(Repository repository) {
        return "models--" + repository.id().replace("/", "--");
    }

    /** Where people find the files. */
    Path root(Path folder, Repository repository) {
        return folder.resolve(root.replace("COMMIT", repository.head().id()));
    }

    /** What the default branch points at. */
    Path ref(Path folder, Repository repository) {
        return folder.resolve(ref.replace("REPO", name(repository)));
    }

    /** The journals, parts and records. */
    Path own(Path folder) {
        return folder.resolve(own);
    }

    /** Names that stay, relative to the folder. */
    Pattern lasting(Repository repository) {
        String paths =
                repository.head().files().keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        String names = ref + "|" + root + "PATH|" + more + "|" + Pattern.quote(own)
                + "/(locks|used/COMMIT|CACHEDIR\\.TAG|provenance\\.ndjson|(REPO/)?listings/COMMIT\\.json)";
        return Pattern.compile(names.replace("COMMIT", repository.head().id())
                .replace("REPO", name(repository))
                .replace("PATH", "(" + paths + ")"));
    }

    /** A file in the making; none is left when everything is there. */
    Pattern unfinished() {
        return Pattern.compile(Pattern.quote(own) + "/[0-9a-f]{40,64}\\.(part|journal|journal\\.new)");
    }

    /** What was about to be renamed at a kill; kept for a week, as another process might be at it. */
    Pattern passing() {
        return Pattern.compile(Pattern.quote(own) + "/tmp-[0-9a-f]{8}");
    }
}

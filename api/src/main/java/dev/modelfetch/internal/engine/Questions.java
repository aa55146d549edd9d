package dev.modelfetch.internal.engine;

import dev.modelfetch.Caller;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.HubDocument;
import dev.modelfetch.Identity;
import dev.modelfetch.Manifest;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Topic;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Choice;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.choice.FirstByte;
import dev.modelfetch.internal.choice.PluginCall;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a depot asks sources, in the name of a caller. */
final class Questions {

    /** Whose tokens callers have. */
    private static final String HUB = "huggingface";

    /** Shown to everybody, whoever may read the rest. */
    private static final Set<String> SHOWN = Set.of("README.md", ".gitattributes");

    /** Where no repository is meant. */
    private static final Repo SOMETHING = Repo.of(RepoType.MODEL, "gpt2");

    private final Means means;
    private final DepotOptions options;
    private final Path root;

    Questions(Means means, DepotOptions options, Path root) {
        this.means = means;
        this.options = options;
        this.root = root;
    }

    /** @param revision null for the default branch */
    FetchRequest request(Repo repo, @Nullable String revision, Caller caller, SourceChoice choice) {
        FetchRequest.Builder request = FetchRequest.builder(repo)
                .revision(revision)
                .source(choice)
                .destination(new Destination.HubCacheAt(root))
                .isPublic(options.everythingIsPublic());
        caller.token().ifPresent(token -> request.token(HUB, token));
        return request.patience(Duration.ZERO).build();
    }

    FetchRequest request(Repo repo, @Nullable String revision, Caller caller) {
        return request(repo, revision, caller, options.source());
    }

    /**
     * What a revision is, and who has it.
     *
     * @param family that has served it before; null if none has
     */
    Chosen chosen(Repo repo, @Nullable String revision, Caller caller, @Nullable String family)
            throws InterruptedException {
        try {
            return chosen(request(repo, revision, caller), family);
        } catch (FetchException.AccessDenied e) {
            // A token of somebody else must not hide what everybody may read, but the name is shown to nobody new.
            if (caller.token().isEmpty() || !mayAskHub()) {
                throw e;
            }
            try {
                return chosen(request(repo, revision, Caller.ANONYMOUS, SourceChoice.only(HUB)), family);
            } catch (FetchException notForEverybody) {
                throw e;
            }
        }
    }

    private boolean mayAskHub() {
        return !(options.source() instanceof SourceChoice.Only only)
                || only.sources().contains(HUB)
                || only.sources().contains("hf");
    }

    private Chosen chosen(FetchRequest request, @Nullable String family) throws InterruptedException {
        List<Source> allowed = ofFamily(means.allowed().apply(request), family);
        Choice choice = new Choice(
                request,
                allowed,
                means.pool(),
                new Events(FetchListener.SILENT, means.clock()),
                means.race().apply(allowed),
                Patience.of(request),
                System.nanoTime());
        try {
            return choice.next();
        } finally {
            choice.rememberSilent();
        }
    }

    /** All, if none is of that family. */
    private static List<Source> ofFamily(List<Source> allowed, @Nullable String family) {
        List<Source> own = allowed.stream()
                .filter(source -> source.profile().family().equals(family))
                .toList();
        return own.isEmpty() ? allowed : own;
    }

    /** Who may deliver what is known already. */
    Chosen known(FetchRequest request, Manifest manifest, Identity identity) {
        return Choice.known(
                request, manifest, identity, means.allowed().apply(request), means.pool(), System.nanoTime());
    }

    /**
     * Has a source send the first byte of a file: to have listed it proves nothing.
     *
     * @param asker who wants to know; where that is somebody with a token, the name may be private, and only the Hub and
     *     whoever has listed it hear it
     * @param caller whom it is to be shown to: the asker, or everybody
     * @throws FetchException if nobody shows it to this caller, or could be asked
     */
    void checkAccess(Repo repo, Manifest manifest, Caller asker, Caller caller) throws InterruptedException {
        Optional<RepoFile> file = touchstone(manifest);
        if (file.isEmpty()) {
            return;
        }
        List<Source> asked = confidants(repo, manifest, asker, caller);
        FetchException refused = null;
        for (Source source : asked) {
            try {
                var unused = new FirstByte(source, Endpoints.web(endpoint(source)), 1, Limits.EXAMINATION)
                        .of(manifest, file.get());
                return;
            } catch (SourceException e) {
                FetchException why = refusal(repo, source.told(e.verdict()));
                refused = refused == null || why instanceof FetchException.AccessDenied ? why : refused;
            }
        }
        throw refused != null
                ? refused
                : new FetchException.Unreachable(
                        "No source can say who may read " + repo + ".", Hint.plain("Allow one that can."));
    }

    /** Who may be asked about it, the most promising first. */
    private List<Source> confidants(Repo repo, Manifest manifest, Caller asker, Caller caller) {
        return means.allowed().apply(request(repo, manifest.commit(), caller)).stream()
                .filter(source -> source.profile().family().equals(manifest.family()))
                .filter(source -> caller.token().isEmpty() || source.hasToken())
                .filter(source -> mayHear(source, asker, manifest))
                .sorted(Comparator.comparing(
                                (Source source) -> source.history().avoided().isPresent())
                        .thenComparing(source -> !source.id().equals(manifest.source())))
                .toList();
    }

    /** What one of its hubs says of it; empty if none says anything, in time. */
    Optional<HubDocument> describe(Pinned pinned, Topic topic, String query) throws InterruptedException {
        Manifest manifest = pinned.manifest();
        Resolved resolved = Resolved.of(manifest.repo(), manifest.revision(), manifest.commit());
        Caller caller = pinned.open() ? Caller.ANONYMOUS : pinned.caller();
        return first(
                confidants(pinned.repo(), manifest, caller, caller),
                source -> source.call("describe", () -> source.backend().describe(resolved, topic, query)));
    }

    /** What a hub finds; empty if none says anything, in time. What somebody with a token looks for is shown to the Hub alone. */
    Optional<HubDocument> search(RepoType type, String query, Caller caller) throws InterruptedException {
        List<Source> asked = means.allowed().apply(request(SOMETHING, null, caller)).stream()
                .filter(source -> caller.token().isEmpty() || source.hasToken())
                .sorted(Comparator.comparing(
                        (Source source) -> source.history().avoided().isPresent()))
                .toList();
        return first(
                asked, source -> source.call("search", () -> source.backend().search(type, query)));
    }

    private static <T> Optional<T> first(List<Source> asked, Function<Source, PluginCall<Optional<T>>> question)
            throws InterruptedException {
        long until = System.nanoTime() + Limits.DESCRIPTION.toNanos();
        for (Source source : asked) {
            try {
                Duration left = Duration.ofNanos(Math.max(1, until - System.nanoTime()));
                Optional<T> answer = question.apply(source).await(left);
                if (answer.isPresent()) {
                    return answer;
                }
            } catch (SourceException e) {
                // The next one may know.
            }
        }
        return Optional.empty();
    }

    private boolean mayHear(Source source, Caller asker, Manifest manifest) {
        return asker.token().isEmpty()
                || options.everythingIsPublic()
                || source.id().equals(HUB)
                || source.id().equals(manifest.source());
    }

    private static URI endpoint(Source source) {
        return source.profile().endpoint();
    }

    private static FetchException refusal(Repo repo, Verdict verdict) {
        return switch (verdict.kind()) {
            case NEEDS_AUTH -> new FetchException.AccessDenied(repo + ": " + verdict.detail() + ".");
            case NOT_HERE -> new FetchException.NotFound(repo + ": " + verdict.detail() + ".");
            default -> new FetchException.Unreachable(repo + ": " + verdict.detail() + ".");
        };
    }

    /** The smallest that is not for everybody in any case; empty if there is nothing to read. */
    private static Optional<RepoFile> touchstone(Manifest manifest) {
        return manifest.files().stream()
                .filter(row -> row.size() > 0)
                .min(Comparator.comparing((RepoFile row) -> SHOWN.contains(row.path()))
                        .thenComparing(RepoFile::size));
    }

    /** Whose token it is; empty if nobody says. */
    Optional<Account> account(Caller caller) throws InterruptedException {
        FetchRequest request = request(SOMETHING, null, caller);
        for (Source source : means.allowed().apply(request)) {
            if (source.hasToken()) {
                try {
                    return source.call("whoami", () -> source.backend().whoami())
                            .await(Limits.EXAMINATION);
                } catch (SourceException e) {
                    if (e.verdict().kind() == Verdict.Kind.NEEDS_AUTH) {
                        throw new FetchException.AccessDenied("Invalid credentials in Authorization header");
                    }
                }
            }
        }
        return Optional.empty();
    }
}

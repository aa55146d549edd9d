package dev.modelfetch.source.modelscope;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.source.modelscope.ModelScopeJson.Envelope;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.KnownAs;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** ModelScope at one endpoint. Models and datasets; its spaces, called studios, can only be cloned. */
final class ModelScopeSource implements ModelSource {

    private static final int MOST_CONNECTIONS = 8;

    /** Error bodies are short; the rest of a longer body says nothing more. */
    private static final long READ_OF_ERROR = 64 << 10;

    private final SourceProfile profile;
    private final String host;
    private final ModelScopeErrors errors;
    private final ModelScopeClient listings;
    private final ModelScopeClient probes;
    private final Pin pin;
    private final SourceContext context;

    ModelScopeSource(SourceContext context) {
        this.context = context;
        this.host = context.url().host();
        this.profile = SourceProfile.of(context)
                .withFamily(Candidates.FAMILY)
                .withTrust(Trust.INDEPENDENT)
                .withMaxConnections(MOST_CONNECTIONS);
        this.errors = new ModelScopeErrors(context.hasToken());
        this.listings = new ModelScopeClient(context.url(), context.calls(), errors);
        this.probes = new ModelScopeClient(context.url(), context.probes(), errors);
        this.pin = new Pin(probes, host);
    }

    @Override
    public SourceProfile profile() {
        return profile;
    }

    @Override
    public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
        if (repo.type() == RepoType.SPACE) {
            throw impossible("ModelScope's counterpart of spaces, studios, cannot be downloaded, only cloned with git");
        }
        List<String> ids = new Candidates(context.aliases(), Aliases.shipped()).of(repo);
        if (ids.isEmpty()) {
            throw impossible("ModelScope has no ids without an owner, and none is known for \"" + repo.id() + "\"");
        }
        SourceException last = null;
        for (String id : ids) {
            try {
                return pin.pin(repo.renamed(id, Candidates.FAMILY), revision);
            } catch (SourceException e) {
                if (!(e.verdict() instanceof Verdict.NotHere absent) || absent.what() != What.REPOSITORY) {
                    throw e;
                }
                last = e;
            }
        }
        throw last == null || ids.size() > 1
                ? missing("no " + repo + " at " + host + ", neither as " + String.join(" nor as ", ids))
                : last;
    }

    /** There is no call for what an owner has. */
    @Override
    public List<String> instead(Repo repo, What missing) throws SourceException {
        return missing == What.REVISION && repo.type() != RepoType.SPACE
                ? pin.names(repo.renamed(spelled(repo), Candidates.FAMILY))
                : List.of();
    }

    private String spelled(Repo repo) {
        return new Candidates(context.aliases(), Aliases.shipped())
                .of(repo).stream().findFirst().orElse(repo.id());
    }

    /** Known without asking. */
    private static SourceException impossible(String detail) {
        return new SourceException(new Verdict.NotHere(What.REPOSITORY, detail, false));
    }

    private static SourceException missing(String detail) {
        return SourceException.notHere(What.REPOSITORY, detail);
    }

    @Override
    public Manifest list(Resolved resolved) throws SourceException {
        Repo repo = resolved.repo();
        String commit = resolved.commit();
        ListingBounds bounds = new ListingBounds(host);
        Rows rows = repo.type() == RepoType.DATASET
                ? new Pages(listings, repo, commit, host, bounds).rows()
                : new Walk(listings, repo, commit, host, bounds).rows();
        Manifest manifest = resolved.manifest(profile, rows.files());
        return rows.complete() ? manifest : manifest.incomplete();
    }

    @Override
    public Request request(Manifest manifest, RepoFile file) {
        return FileLink.to(context.url(), manifest.repo(), manifest.commit(), file.path());
    }

    @Override
    public Verdict explain(Response response) throws IOException {
        ResponseBody body = response.peekBody(READ_OF_ERROR);
        return errors.judge(response, ModelScopeJson.envelope(body.string()), FileLink.asked(response), What.FILE)
                .orElseGet(
                        () -> new Verdict.Blocked("HTTP " + response.code() + " from " + host + " without an error"));
    }

    /** A failure inside a 200 (modelscope.md 3.1). */
    @Override
    public Optional<Verdict> complaint(Response response) throws IOException {
        Envelope envelope =
                ModelScopeJson.envelope(response.peekBody(READ_OF_ERROR).string());
        return envelope == null || envelope.succeeded()
                ? Optional.empty()
                : errors.judge(response, envelope, FileLink.asked(response), What.FILE);
    }

    @Override
    public List<KnownAs> names(Optional<Repo> repo) {
        Candidates candidates = new Candidates(context.aliases(), Aliases.shipped());
        return repo.map(candidates::explained).orElseGet(candidates::all);
    }

    @Override
    public boolean isWellKnown(Repo repo) {
        return !Aliases.shipped().of(repo.type(), repo.id()).isEmpty();
    }

    @Override
    public Optional<Account> whoami() throws SourceException {
        return probes.whoami();
    }

    @Override
    public Optional<URI> tokenPage() {
        return Optional.of(profile.endpoint().resolve("my/myaccesstoken"));
    }
}

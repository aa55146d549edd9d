package dev.modelfetch.source.mirror;

import dev.modelfetch.HubDocument;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Topic;
import dev.modelfetch.Verdict;
import dev.modelfetch.source.huggingface.HubClient;
import dev.modelfetch.source.huggingface.HubListing;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One HF-compatible endpoint that is not the Hub. Speaks plain HTTP only: no mirror relays the Xet services (M9). */
final class MirrorSource implements ModelSource {

    /** Callers of a mirror presumably share its quota at the Hub (mirrors.md 1.6). */
    private static final int CONNECTIONS = 8;

    /** One in one's own network sends what it has stored, and asks others no more often for it. */
    private static final int NEARBY_CONNECTIONS = 32;

    /** A caching proxy nearby may fetch the whole file before it sends anything (mirrors.md 1.9, 5.9 step 4). */
    private static final Duration NEARBY_FIRST_BYTE = Duration.ofMinutes(2);

    private final SourceProfile profile;
    private final HubClient hub;
    private final String host;

    MirrorSource(SourceContext context) {
        SourceProfile usual = SourceProfile.of(context)
                .withFamily(SourceProfile.HUB)
                .withTrust(Trust.MIRROR)
                .withMaxConnections(CONNECTIONS);
        this.profile = context.nearby()
                ? usual.withFirstByte(NEARBY_FIRST_BYTE).withMaxConnections(NEARBY_CONNECTIONS)
                : usual;
        this.hub = new HubClient(context, new MirrorRules(context.url()));
        this.host = context.url().host();
    }

    @Override
    public SourceProfile profile() {
        return profile;
    }

    @Override
    public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
        return hub.resolve(repo, revision);
    }

    @Override
    public Manifest list(Resolved resolved) throws SourceException {
        ListingBounds bounds = new ListingBounds(host);
        HubListing tree = hub.tree(resolved, bounds);
        HubListing whole = tree.whole() ? tree : new PatchedListing(hub, resolved, bounds).around(tree);
        return whole.manifest(resolved, profile);
    }

    @Override
    public Request request(Manifest manifest, RepoFile file) {
        return hub.request(manifest, file);
    }

    @Override
    public Verdict explain(Response response) throws IOException {
        return hub.explain(response);
    }

    @Override
    public Optional<Verdict> complaint(Response response) throws IOException {
        return hub.complaint(response);
    }

    @Override
    public Optional<HubDocument> describe(Resolved resolved, Topic topic, String query) throws SourceException {
        return Optional.of(hub.describe(resolved, topic, query));
    }

    @Override
    public List<String> instead(Repo repo, Verdict.What missing) throws SourceException {
        return hub.instead(repo, missing);
    }

    @Override
    public Optional<HubDocument> search(RepoType type, String query) throws SourceException {
        return Optional.of(hub.search(type, query));
    }

    @Override
    public Optional<Account> whoami() throws SourceException {
        return hub.whoami();
    }
}

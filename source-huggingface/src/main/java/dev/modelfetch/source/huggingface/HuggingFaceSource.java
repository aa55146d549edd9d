package dev.modelfetch.source.huggingface;

import dev.modelfetch.HubDocument;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Topic;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.Account;
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
import org.jspecify.annotations.Nullable;

/** The Hub itself: its listing is the one that others are measured by. */
final class HuggingFaceSource implements ModelSource {

    private static final int CONNECTIONS = 24;

    private final SourceProfile profile;
    private final HubClient hub;
    private final String host;

    HuggingFaceSource(SourceContext context) {
        this.profile = SourceProfile.of(context)
                .withFamily(SourceProfile.HUB)
                .withTrust(Trust.ORIGIN)
                .withMaxConnections(CONNECTIONS);
        this.hub = new HubClient(context, new OriginRules(context.url()));
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
        HubListing tree = hub.tree(resolved, new ListingBounds(host));
        if (!tree.whole()) {
            String flaw = tree.flaw() != null
                    ? tree.flaw()
                    : "no size for " + Refusal.clean(tree.bare().get(0));
            throw SourceException.blocked("the file list is damaged: " + flaw);
        }
        return tree.manifest(resolved, profile);
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
    public Optional<HubDocument> search(RepoType type, String query) throws SourceException {
        return Optional.of(hub.search(type, query));
    }

    @Override
    public List<String> instead(Repo repo, Verdict.What missing) throws SourceException {
        return hub.instead(repo, missing);
    }

    @Override
    public Optional<Account> whoami() throws SourceException {
        return hub.whoami();
    }

    @Override
    public Optional<URI> tokenPage() {
        return Optional.of(profile.endpoint().resolve("settings/tokens"));
    }
}

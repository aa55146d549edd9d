package dev.modelfetch.internal.engine;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A source that says what a test told it to, when the test lets it. */
final class FakeSource implements ModelSource {

    static final Repo REPO = Repo.of(RepoType.MODEL, "demo-lab/tiny-gpt");
    static final String COMMIT = "a".repeat(40);
    static final String OTHER_COMMIT = "b".repeat(40);

    private static final HttpUrl NOWHERE = HttpUrl.get("http://localhost:1/");

    /** What comes of a call; may wait for a latch. */
    interface Say<T> {
        T now() throws SourceException, InterruptedException;
    }

    private final SourceProfile profile;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger listed = new AtomicInteger();
    private final AtomicInteger explained = new AtomicInteger();
    private volatile String commit = COMMIT;
    private volatile Say<Resolved> answer = () -> resolved();
    private volatile Say<Manifest> listing = () -> manifest();

    FakeSource(String id, String family, Trust trust, HttpUrl endpoint, int connections) {
        this.profile = new SourceProfile(id, endpoint, family, trust, connections, Duration.ofSeconds(15));
    }

    static FakeSource huggingface() {
        return huggingface(NOWHERE);
    }

    static FakeSource huggingface(HttpUrl endpoint) {
        return new FakeSource("huggingface", "huggingface", Trust.ORIGIN, endpoint, 4);
    }

    static FakeSource mirror() {
        return mirror(NOWHERE);
    }

    static FakeSource mirror(HttpUrl endpoint) {
        return new FakeSource("mirror", "huggingface", Trust.MIRROR, endpoint, 4);
    }

    static FakeSource modelscope() {
        return modelscope(NOWHERE);
    }

    static FakeSource modelscope(HttpUrl endpoint) {
        return new FakeSource("modelscope", "modelscope", Trust.INDEPENDENT, endpoint, 4);
    }

    FakeSource at(String itsCommit) {
        this.commit = itsCommit;
        return this;
    }

    FakeSource answering(Say<Resolved> says) {
        this.answer = says;
        return this;
    }

    FakeSource refusing(Verdict verdict) {
        return answering(() -> {
            throw new SourceException(verdict);
        });
    }

    FakeSource listing(Say<Manifest> says) {
        this.listing = says;
        return this;
    }

    FakeSource listing(RepoFile... files) {
        return listing(() -> manifest(files));
    }

    Resolved resolved() {
        return new Resolved(REPO, "main", commit);
    }

    Manifest manifest(RepoFile... files) {
        return new Manifest(profile.id(), profile.family(), REPO, "main", commit, List.of(files), true);
    }

    /** How often it was asked for the repository. */
    int asked() {
        return asked.get();
    }

    /** How often it was asked for its listing. */
    int listed() {
        return listed.get();
    }

    /** How often it was asked to explain a refusal. */
    int explained() {
        return explained.get();
    }

    Hub hub() {
        return hub(null);
    }

    Hub hub(@Nullable String token) {
        Secret secret = token == null ? null : new Secret(token);
        HttpClients clients = new HttpClients("test", new Routes(Map.of(), Map.of()), HttpClients.Timeouts.DEFAULT);
        OkHttpClient data = clients.data(profile.id(), profile.endpoint(), secret, Set.of(), profile.firstByte());
        return new Hub(
                this,
                profile,
                Set.of(),
                data,
                HttpClients.small(data),
                "direct",
                token != null,
                new Semaphore(profile.maxConnections(), true));
    }

    /** In a race, asked by whoever runs it. */
    Entrant entrant() {
        return new Entrant(hub(), REPO, null);
    }

    /** In a race, with its answer given. */
    Entrant usableAfter(long millis) {
        return answered(new Entrant.Answer(new Verdict.Usable(commit), millis, resolved()));
    }

    /** In a race, with its refusal given. */
    Entrant refusedAfter(long millis, Verdict verdict) {
        return answered(new Entrant.Answer(verdict, millis, null));
    }

    private Entrant answered(Entrant.Answer given) {
        Entrant entrant = silent();
        complete(entrant, given);
        return entrant;
    }

    /** In a race, asked, and silent until {@link #complete}. */
    Entrant silent() {
        Entrant entrant = entrant();
        var unused = entrant.start(task -> {});
        return entrant;
    }

    static void complete(Entrant silent, Entrant.Answer given) {
        silent.start(task -> {}).complete(given);
    }

    @Override
    public SourceProfile profile() {
        return profile;
    }

    @Override
    public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
        asked.incrementAndGet();
        return said(answer);
    }

    @Override
    public Manifest list(Resolved resolved) throws SourceException {
        listed.incrementAndGet();
        return said(listing);
    }

    private static <T> T said(Say<T> say) throws SourceException {
        try {
            return say.now();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException(new Verdict.Down("interrupted", false));
        }
    }

    @Override
    public Request request(Manifest manifest, RepoFile file) {
        HttpUrl url = profile.endpoint()
                .newBuilder()
                .addPathSegments("files/" + file.path())
                .build();
        return new Request.Builder().url(url).build();
    }

    @Override
    public Verdict explain(Response response) {
        explained.incrementAndGet();
        return CommonVerdicts.ofStatus(response)
                .orElseGet(() -> response.code() == 404
                        ? new Verdict.NotHere(Verdict.What.FILE, "no such file at " + profile.id())
                        : new Verdict.NeedsAuth("HTTP " + response.code() + " at " + profile.id()));
    }
}

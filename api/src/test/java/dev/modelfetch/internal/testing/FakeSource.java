package dev.modelfetch.internal.testing;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Candidate;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.memory.History;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A source that says what a test told it to, when the test lets it. */
public final class FakeSource implements ModelSource {

    public static final Repo REPO = Repo.of(RepoType.MODEL, "demo-lab/tiny-gpt");
    public static final String COMMIT = "a".repeat(40);
    public static final String OTHER_COMMIT = "b".repeat(40);

    private static final Executor THREADS = Threads.OWN.perTask("fake");
    private static final HttpUrl NOWHERE = HttpUrl.get("http://localhost:1/");

    /** What comes of a call; may wait for a latch. */
    public interface Say<T> {
        T now() throws SourceException, InterruptedException;
    }

    /** How it hands out bytes of a file itself. */
    public interface Hands {
        ByteStream out(RepoFile file, ByteRange range) throws SourceException, IOException;
    }

    private final SourceProfile profile;
    private final HttpUrl url;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger listed = new AtomicInteger();
    private final AtomicInteger explained = new AtomicInteger();
    private volatile @Nullable Error broken;
    private volatile @Nullable Hands hands;
    private volatile @Nullable Error brokenToExplain;
    private volatile String commit = COMMIT;
    private volatile Say<Optional<Account>> account = Optional::empty;
    private volatile boolean wellKnown;
    private volatile Say<Resolved> answer = () -> resolved();
    private volatile Say<Manifest> listing = () -> manifest();

    public FakeSource(String id, String family, Trust trust, HttpUrl endpoint, int connections) {
        this.profile = new SourceProfile(id, endpoint.uri(), family, trust, connections, Duration.ofSeconds(15));
        this.url = endpoint;
    }

    public static FakeSource huggingface() {
        return huggingface(NOWHERE);
    }

    public static FakeSource huggingface(HttpUrl endpoint) {
        return new FakeSource("huggingface", "huggingface", Trust.ORIGIN, endpoint, 4);
    }

    public static FakeSource mirror() {
        return mirror(NOWHERE);
    }

    public static FakeSource mirror(HttpUrl endpoint) {
        return new FakeSource("mirror", "huggingface", Trust.MIRROR, endpoint, 4);
    }

    public static FakeSource modelscope() {
        return modelscope(NOWHERE);
    }

    public static FakeSource modelscope(HttpUrl endpoint) {
        return new FakeSource("modelscope", "modelscope", Trust.INDEPENDENT, endpoint, 4);
    }

    public FakeSource at(String itsCommit) {
        this.commit = itsCommit;
        return this;
    }

    /** Whose token it says it has. */
    public FakeSource of(Say<Optional<Account>> says) {
        this.account = says;
        return this;
    }

    /** It comes with a table in which the name is printed. */
    public FakeSource withATable() {
        this.wellKnown = true;
        return this;
    }

    @Override
    public boolean isWellKnown(Repo repo) {
        return wellKnown;
    }

    @Override
    public Optional<Account> whoami() throws SourceException {
        try {
            return account.now();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    public FakeSource answering(Say<Resolved> says) {
        this.answer = says;
        return this;
    }

    public FakeSource refusing(Verdict verdict) {
        return answering(() -> {
            throw new SourceException(verdict);
        });
    }

    /** Its request for a file ends like that; null for no longer. */
    public FakeSource breaking(@Nullable Error error) {
        this.broken = error;
        return this;
    }

    /** Its explanation of a refusal ends like that. */
    public FakeSource breakingToExplain(Error error) {
        this.brokenToExplain = error;
        return this;
    }

    public FakeSource listing(Say<Manifest> says) {
        this.listing = says;
        return this;
    }

    public FakeSource listing(RepoFile... files) {
        return listing(() -> manifest(files));
    }

    /** It hands out its bytes itself, so that nobody asks its host. */
    public FakeSource handing(Hands out) {
        this.hands = out;
        return this;
    }

    /** As {@link #handing}, of that content whatever file is asked for. */
    public FakeSource handing(byte[] content) {
        return handing((file, range) -> ByteStream.of(
                range, new ByteArrayInputStream(content, (int) range.from(), content.length - (int) range.from())));
    }

    public Resolved resolved() {
        return new Resolved(REPO, "main", commit);
    }

    public Manifest manifest(RepoFile... files) {
        return new Manifest(profile.id(), profile.family(), REPO, "main", commit, List.of(files), true);
    }

    /** Where it is asked. */
    public HttpUrl url() {
        return url;
    }

    /** How often it was asked for the repository. */
    public int asked() {
        return asked.get();
    }

    /** How often it was asked for its listing. */
    public int listed() {
        return listed.get();
    }

    /** How often it was asked to explain a refusal. */
    public int explained() {
        return explained.get();
    }

    /** A line that leads everywhere by that route. */
    public static Line lineBy(String route) {
        return new Routes(Map.of("any", route), Map.of()).asSet("any", NOWHERE);
    }

    public Source source() {
        return source(null);
    }

    public Source source(@Nullable String token) {
        Secret secret = token == null ? null : new Secret(token);
        HttpClients clients = new HttpClients("test", new Routes(Map.of(), Map.of()), HttpClients.Timeouts.DEFAULT);
        OkHttpClient data = clients.data(profile.id(), url, secret, Set.of(), profile.firstByte());
        return new Source(
                this,
                profile,
                Set.of(),
                data,
                HttpClients.small(data),
                lineBy("direct"),
                token == null ? null : "test",
                new Semaphore(profile.maxConnections(), true),
                THREADS,
                History.NONE);
    }

    /** In a race, asked by whoever runs it. */
    public Candidate candidate() {
        return new Candidate(source(), REPO, null);
    }

    /** In a race, with its answer given. */
    public Candidate usableAfter(long millis) {
        return answered(new Candidate.Answer(new Verdict.Usable(commit), millis, resolved()));
    }

    /** In a race, with its refusal given. */
    public Candidate refusedAfter(long millis, Verdict verdict) {
        return answered(new Candidate.Answer(verdict, millis, null));
    }

    private Candidate answered(Candidate.Answer given) {
        Candidate candidate = silent();
        complete(candidate, given);
        return candidate;
    }

    /** In a race, asked, and silent until {@link #complete}. */
    public Candidate silent() {
        Candidate candidate = candidate();
        var unused = candidate.ask(task -> {});
        return candidate;
    }

    public static void complete(Candidate silent, Candidate.Answer given) {
        silent.ask(task -> {}).complete(given);
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
    public Optional<ByteStream> open(Manifest manifest, RepoFile file, ByteRange range)
            throws SourceException, IOException {
        Hands own = hands;
        return own == null ? Optional.empty() : Optional.of(own.out(file, range));
    }

    @Override
    public Request request(Manifest manifest, RepoFile file) {
        fail(broken);
        HttpUrl there = url.newBuilder().addPathSegments("files/" + file.path()).build();
        return new Request.Builder().url(there).build();
    }

    @Override
    public Verdict explain(Response response) {
        explained.incrementAndGet();
        fail(brokenToExplain);
        return CommonVerdicts.ofStatus(response)
                .orElseGet(() -> response.code() == 404
                        ? new Verdict.NotHere(Verdict.What.FILE, "no such file at " + profile.id())
                        : new Verdict.NeedsAuth("HTTP " + response.code() + " at " + profile.id()));
    }

    @Override
    public Optional<Verdict> complaint(Response response) throws IOException {
        String body = response.peekBody(1_000).string();
        return body.startsWith("complaint: ") ? Optional.of(new Verdict.Blocked(body)) : Optional.empty();
    }

    private static void fail(@Nullable Error error) {
        if (error != null) {
            throw error;
        }
    }
}

package dev.modelfetch.source.huggingface;

import dev.modelfetch.Digest;
import dev.modelfetch.HubDocument;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Topic;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.Hiccup;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Retrofit;

/** The Hub's protocol as far as downloading needs it, over plain HTTP. What to believe is left to the rules. */
public final class HubClient {

    private static final String DEFAULT_BRANCH = "main";

    /** The repository has been given: who refuses to list it without the Hub's words is not the Hub. */
    private static final Hiccup OF_LISTING = response -> response.code() == 403 && isUnexplained(response);

    /** Pages of the list have been given. */
    private static final Hiccup OF_NEXT_PAGE =
            response -> Set.of(401, 403, 404).contains(response.code()) && isUnexplained(response);

    /** By which a box of our own says what it can do beyond a hub, and what that is at this time. */
    private static final String EXTRAS = "X-Modelfetch-Extras";

    private static final String KNOWN_EXTRAS = "sha256, blobs";

    private final SourceContext context;
    private final HubRules rules;
    private final Answers answers;
    private final HubApi probes;
    private final HubApi calls;
    private volatile boolean isBox;

    public HubClient(SourceContext context, HubRules rules) {
        this.context = context;
        this.rules = rules;
        this.answers = new Answers(context, rules);
        this.probes = api(context.url(), context.probes());
        this.calls = api(context.url(), context.calls());
    }

    /**
     * Pins a revision with one small request.
     *
     * @param revision null for the default branch
     */
    public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
        String asked = revision == null ? DEFAULT_BRANCH : revision;
        if (asked.isBlank() || asked.equals(".") || asked.equals("..")) {
            // No branch can have such a name, and as part of an address it would name something else.
            throw new SourceException(
                    new Verdict.NotHere(What.REVISION, "no such revision (\"" + asked + "\")", false));
        }
        retrofit2.Call<ResponseBody> question = probes.info(repo.type().plural(), repo.id(), asked);
        String expected = Digest.isGitId(asked) ? asked : null;
        String commit = answers.ask(question, What.REPOSITORY, expected, (json, response) -> {
            String sha = commit(HubJson.commit(json).orElse(null), expected, response);
            Answers.mustBeAbout(sha, response);
            isBox = response.headers(EXTRAS).contains(KNOWN_EXTRAS);
            return sha;
        });
        return Resolved.of(repo, asked, commit);
    }

    /**
     * Lists every file at that commit, page by page.
     *
     * @throws SourceException also if there is none, and the info of the repository names some
     */
    public HubListing tree(Resolved resolved, ListingBounds bounds) throws SourceException {
        bounds.question();
        Repo repo = resolved.repo();
        TreeWalk.Page first = page(
                resolved,
                calls.tree(repo.type().plural(), repo.id(), resolved.commit(), isBox ? true : null, OF_LISTING),
                bounds);
        HubListing tree =
                new TreeWalk(rules, bounds).run(first, url -> page(resolved, calls.page(url, OF_NEXT_PAGE), bounds));
        if (tree.isEmpty()) {
            mustBeEmpty(resolved, bounds);
        }
        return tree;
    }

    private void mustBeEmpty(Resolved resolved, ListingBounds bounds) throws SourceException {
        int named = namedByInfo(resolved, bounds);
        if (named > 0) {
            throw new SourceException(
                    new Verdict.Blocked("the file list is damaged: it is empty, but the info of the repository names "
                            + named + (named == 1 ? " file (" : " files (")
                            + context.url().host() + ")"));
        }
    }

    /** Zero also where the endpoint does not say: then nothing speaks against an empty list. */
    private int namedByInfo(Resolved resolved, ListingBounds bounds) throws SourceException {
        try {
            HubListing named = siblings(resolved, bounds);
            return named.files().size() + named.bare().size();
        } catch (SourceException e) {
            if (e.verdict().retryable()) {
                throw e;
            }
            return 0;
        }
    }

    /** Lists the files that the repository's info names. Not every endpoint adds sizes and digests to the names. */
    public HubListing siblings(Resolved resolved, ListingBounds bounds) throws SourceException {
        bounds.question();
        Repo repo = resolved.repo();
        retrofit2.Call<ResponseBody> question =
                calls.info(repo.type().plural(), repo.id(), resolved.commit(), true, OF_LISTING);
        List<HubJson.Row> rows = answers.ask(question, What.REVISION, resolved.commit(), (json, response) -> {
            HubJson.Info info = HubJson.info(json, bounds);
            commit(info.sha(), resolved.commit(), response);
            return info.rows();
        });
        return listing(rows, bounds);
    }

    /** Asks for some files by name, in one request; what the endpoint does not know is left out of its answer. */
    public HubListing details(Resolved resolved, List<String> paths, ListingBounds bounds) throws SourceException {
        bounds.question();
        Repo repo = resolved.repo();
        retrofit2.Call<ResponseBody> question =
                calls.paths(repo.type().plural(), repo.id(), resolved.commit(), paths, false);
        List<HubJson.Row> rows =
                answers.ask(question, What.REVISION, resolved.commit(), (json, response) -> HubJson.rows(json, bounds));
        return listing(rows, bounds);
    }

    /** What the endpoint says of a repository beside its list; its files are named there. */
    public HubDocument describe(Resolved resolved, Topic topic, String query) throws SourceException {
        HttpUrl.Builder url =
                api(resolved.repo().type()).addPathSegments(resolved.repo().id());
        switch (topic) {
            case CARD -> url.addPathSegment("revision").addPathSegment(resolved.commit());
            case REFS -> url.addPathSegment("refs");
            case HISTORY -> url.addPathSegment("commits").addPathSegment(resolved.commit());
        }
        return document(url, query, topic == Topic.CARD ? resolved.commit() : null);
    }

    /** What the endpoint finds. */
    public HubDocument search(RepoType type, String query) throws SourceException {
        return document(api(type), query, null);
    }

    /** Names among which may be what was meant: branches and tags, or what the owner has, or else what is found by the name. */
    public List<String> instead(Repo repo, What missing) throws SourceException {
        if (missing == What.REVISION) {
            HttpUrl.Builder refs = api(repo.type()).addPathSegments(repo.id()).addPathSegment("refs");
            return HubJson.refNames(document(refs, "", null));
        }
        List<String> ofOwner = repo.owner().isEmpty()
                ? List.of()
                : HubJson.ids(search(repo.type(), "author=" + repo.owner().get() + "&limit=200"));
        return ofOwner.isEmpty() ? HubJson.ids(search(repo.type(), "search=" + repo.name() + "&limit=20")) : ofOwner;
    }

    private HttpUrl.Builder api(RepoType type) {
        return context.url().newBuilder().addPathSegment("api").addPathSegment(type.plural());
    }

    private HubDocument document(HttpUrl.Builder address, String query, @Nullable String commit)
            throws SourceException {
        HttpUrl url =
                query.isEmpty() ? address.build() : address.encodedQuery(query).build();
        return answers.ask(probes.document(url), What.REPOSITORY, commit, HubJson::document);
    }

    /** Whose token it is; empty where the endpoint has no accounts. */
    public Optional<Account> whoami() throws SourceException {
        try {
            return Optional.of(
                    answers.ask(probes.whoami(), What.REPOSITORY, null, (json, response) -> HubJson.account(json)));
        } catch (SourceException e) {
            if (e.verdict().kind() == Verdict.Kind.NOT_HERE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Where the bytes of a file start; always at the commit, never at a branch that may move meanwhile.
     *
     * @throws IllegalArgumentException if the path has a segment that an address cannot carry
     */
    public Request request(Manifest manifest, RepoFile file) {
        HttpUrl place = place(context.url(), manifest, file);
        Digest sha256 = file.sha256();
        HttpUrl url = place;
        if (isBox && sha256 != null) {
            // Whatever is between us and it may keep that for ever.
            HttpUrl.Builder blob = context.url().newBuilder().addPathSegments("blobs/sha256");
            String behind = place(HttpUrl.get("http://box/"), manifest, file).encodedPath();
            url = blob.addPathSegment(sha256.hex())
                    .addQueryParameter("or", behind)
                    .build();
        }
        return new Request.Builder().url(url).tag(Hiccup.class, Hiccup.OF_FILE).build();
    }

    private static HttpUrl place(HttpUrl root, Manifest manifest, RepoFile file) {
        Repo repo = manifest.repo();
        HttpUrl.Builder url = root.newBuilder();
        if (repo.type() != RepoType.MODEL) {
            url.addPathSegment(repo.type().plural());
        }
        url.addPathSegments(repo.id()).addPathSegment("resolve").addPathSegment(manifest.commit());
        for (String segment : file.path().split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("no address for \"" + file.path() + "\"");
            }
            url.addEncodedPathSegment(encoded(segment));
        }
        return url.build();
    }

    /** Why a request for bytes was refused. Reads the beginning of the body, and does not close it. */
    public Verdict explain(Response response) throws IOException {
        return answers.explain(response);
    }

    /** What the Hub has to say in a success that cannot be the file. Reads the beginning of the body, and does not close it. */
    public Optional<Verdict> complaint(Response response) throws IOException {
        return answers.complaint(response);
    }

    private static boolean isUnexplained(Response response) {
        return response.header("X-Error-Code") == null && response.header("X-Error-Message") == null;
    }

    private TreeWalk.Page page(Resolved resolved, retrofit2.Call<ResponseBody> question, ListingBounds bounds)
            throws SourceException {
        return answers.ask(
                question,
                What.REVISION,
                resolved.commit(),
                (json, response) -> TreeWalk.Page.of(HubJson.rows(json, bounds), response));
    }

    private HubListing listing(List<HubJson.Row> files, ListingBounds bounds) throws SourceException {
        Rows rows = new Rows(context.url().host(), bounds);
        rows.add(files);
        return rows.listing(null);
    }

    private static String commit(@Nullable String sha, @Nullable String expected, Response response)
            throws SourceException {
        String host = response.request().url().host();
        if (sha == null || !Digest.isGitId(sha)) {
            throw new SourceException(new Verdict.Blocked("an answer that names no commit (" + host + ")"));
        }
        if (expected != null && !sha.equalsIgnoreCase(expected)) {
            throw new SourceException(new Verdict.Blocked(
                    "an answer about commit " + sha + " instead of " + expected + " (" + host + ")"));
        }
        return sha.toLowerCase(Locale.ROOT);
    }

    /** Unreserved characters only stay as they are (huggingface.md 1.3), which is stricter than OkHttp's own rule. */
    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static HubApi api(HttpUrl endpoint, Call.Factory calls) {
        return new Retrofit.Builder()
                .baseUrl(endpoint)
                .callFactory(calls)
                .build()
                .create(HubApi.class);
    }
}

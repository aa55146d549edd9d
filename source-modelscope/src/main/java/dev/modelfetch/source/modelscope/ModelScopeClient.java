package dev.modelfetch.source.modelscope;

import dev.modelfetch.Repo;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.source.modelscope.ModelScopeJson.Envelope;
import dev.modelfetch.source.modelscope.ModelScopeJson.Listing;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.Hiccup;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Retrofit;

/** Asks the hub and judges the answers; everything else sees data or a {@link SourceException}. */
final class ModelScopeClient {

    /** A listing of 3,000 rows stays below 4 MiB; more than this is no listing. */
    private static final long LONGEST_ANSWER = 8L << 20;

    /** The repository has been given: a 403 is no verdict any more (modelscope.md 3.2). */
    static final Hiccup OF_LISTING = response -> response.code() == 403;

    /** Pages of the list have been given. */
    static final Hiccup OF_NEXT_PAGE = response -> Set.of(401, 403, 404).contains(response.code());

    private final ModelScopeApi api;
    private final ModelScopeErrors errors;

    ModelScopeClient(HttpUrl endpoint, okhttp3.Call.Factory calls, ModelScopeErrors errors) {
        this.api = new Retrofit.Builder()
                .baseUrl(endpoint)
                .callFactory(request -> calls.newCall(RequestId.on(request)))
                .build()
                .create(ModelScopeApi.class);
        this.errors = errors;
    }

    /**
     * One answer, read but not yet judged.
     *
     * @param text of the body; empty when that was too long
     * @param envelope null when the body is not the hub's
     */
    record Answer(Response response, String text, @Nullable Envelope envelope) {

        /** Whether a server that does not know this call has answered, so that another call may do better. */
        boolean isNoSuchCall() {
            int status = response.code();
            return envelope == null && (status == 404 || status == 405) && !CommonVerdicts.isWebPage(response);
        }

        /** A "not found" in words that are not the hub's: it always gives a code, or says nothing (modelscope.md 3). */
        boolean isAnotherServers() {
            int status = response.code();
            return envelope == null && (status == 404 || status == 410) && !text.isBlank();
        }
    }

    /** @param given what may be refused without meaning it, if something of the repository was given before */
    Answer newestCommit(Repo repo, String ref, @Nullable Hiccup given) throws SourceException {
        return ask(api.newestCommit(repo.type().plural(), repo.id(), ref, given));
    }

    /** @param given as for {@link #newestCommit} */
    Answer revisions(Repo repo, @Nullable Hiccup given) throws SourceException {
        return ask(api.revisions(repo.type().plural(), repo.id(), given));
    }

    /** Everything below a directory of a model that was pinned, or below its root when {@code root} is null. */
    Listing everythingBelow(Repo repo, String revision, @Nullable String root) throws SourceException {
        Hiccup given = root == null ? OF_LISTING : OF_NEXT_PAGE;
        return listing(repo, ask(api.files(repo.id(), revision, "True", root, given)), What.REVISION);
    }

    /**
     * What lies directly in a directory of a model, or in its root when {@code root} is null.
     *
     * @param given as for {@link #newestCommit}
     */
    Listing directlyIn(Repo repo, String revision, @Nullable String root, What missing, @Nullable Hiccup given)
            throws SourceException {
        return listing(repo, ask(api.files(repo.id(), revision, null, root, given)), missing);
    }

    /**
     * One page of a dataset, counting from 1.
     *
     * @param given as for {@link #newestCommit}
     */
    Listing page(Repo repo, String revision, int page, int size, What missing, @Nullable Hiccup given)
            throws SourceException {
        return listing(repo, ask(api.tree(repo.id(), revision, page, size, given)), missing);
    }

    /** Whose token it is; empty where a server does not know this call. */
    Optional<Account> whoami() throws SourceException {
        Answer answer = ask(api.account());
        if (answer.isNoSuchCall()) {
            return Optional.empty();
        }
        String name = answer.response().isSuccessful() ? ModelScopeJson.username(answer.text()) : null;
        if (name == null) {
            throw new SourceException(errors.judge(answer.response(), answer.envelope(), "account", What.REPOSITORY)
                    .orElseGet(() -> unreadable(answer)));
        }
        // Its organisations would take further questions, of which none is known to tell all.
        return Optional.of(Account.of(name));
    }

    /**
     * The data of a success; null when it is missing or not of that shape.
     *
     * @param missing what a 404 means when no code says so
     */
    <T> @Nullable T data(Repo repo, Answer answer, What missing, Class<T> type) throws SourceException {
        succeeded(repo, answer, missing);
        return ModelScopeJson.data(answer.text(), type);
    }

    private Envelope succeeded(Repo repo, Answer answer, What missing) throws SourceException {
        if (answer.isAnotherServers() && !Hiccup.isOne(answer.response())) {
            throw new SourceException(unreadable(answer));
        }
        Verdict verdict = errors.judge(answer.response(), answer.envelope(), repo.toString(), missing)
                .orElse(null);
        if (verdict != null || answer.envelope() == null) {
            throw new SourceException(verdict != null ? verdict : unreadable(answer));
        }
        return answer.envelope();
    }

    private Listing listing(Repo repo, Answer answer, What missing) throws SourceException {
        Envelope envelope = succeeded(repo, answer, missing);
        Listing listing = ModelScopeJson.data(answer.text(), Listing.class);
        if (listing == null) {
            throw new SourceException(unreadable(answer));
        }
        // TotalCount has been seen in both places (modelscope.md 1.5).
        return listing.totalCount() != null
                ? listing
                : new Listing(listing.files(), listing.latestCommitter(), envelope.totalCount());
    }

    private static Verdict unreadable(Answer answer) {
        Response response = answer.response();
        String status = response.isSuccessful() ? "" : "HTTP " + response.code() + ", ";
        return new Verdict.Blocked(
                "an unreadable answer (" + status + response.request().url().host() + ")");
    }

    private static Answer ask(Call<ResponseBody> call) throws SourceException {
        try {
            retrofit2.Response<ResponseBody> response = call.execute();
            try (ResponseBody body = response.isSuccessful() ? response.body() : response.errorBody()) {
                String text = body == null ? "" : text(body);
                return new Answer(response.raw(), text, ModelScopeJson.envelope(text));
            }
        } catch (IOException e) {
            throw SourceException.of(e, call.request().url());
        }
    }

    private static String text(ResponseBody body) throws IOException {
        // request() is true when at least that many bytes came.
        return body.source().request(LONGEST_ANSWER) ? "" : body.source().readUtf8();
    }
}

package dev.modelfetch.source.huggingface;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.MalformedJsonException;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.Hiccup;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;

/** Asks a question and vets the answer: status, kind of content, commit, and only then the JSON. */
final class Answers {

    /** Enough for every message the Hub is known to send. */
    private static final long LONGEST_EXPLANATION = 16 * 1024;

    private final SourceContext context;
    private final HubRules rules;

    Answers(SourceContext context, HubRules rules) {
        this.context = context;
        this.rules = rules;
    }

    /** Takes from an answer what is needed; the answer is closed afterwards. */
    interface Reading<T> {
        T read(JsonReader json, Response response) throws IOException, SourceException;
    }

    /**
     * @param asked what a plain 404 says is missing
     * @param commit that the answer has to be about; null while it is not known
     */
    <T> T ask(Call<ResponseBody> question, What asked, @Nullable String commit, Reading<T> reading)
            throws SourceException {
        HttpUrl url = question.request().url();
        try {
            retrofit2.Response<ResponseBody> answer = question.execute();
            try (ResponseBody error = answer.errorBody();
                    ResponseBody body = answer.body()) {
                if (error != null) {
                    throw new SourceException(explain(answer.raw(), error.string(), asked));
                }
                mustBeAbout(commit, answer.raw());
                if (body == null) {
                    throw blocked("an empty answer", url, null);
                }
                return read(reading, body, answer.raw());
            }
        } catch (IOException e) {
            throw SourceException.of(e, url);
        }
    }

    private <T> T read(Reading<T> reading, ResponseBody body, Response response) throws IOException, SourceException {
        if (body.source().exhausted()) {
            throw blocked("an empty answer", response.request().url(), null);
        }
        // As much as came with the first read: whatever is said instead of an answer is short.
        ByteString beginning = body.source().getBuffer().snapshot();
        JsonReader json = new JsonReader(body.charStream());
        json.setStrictness(Strictness.STRICT);
        try {
            return reading.read(json, response);
        } catch (MalformedJsonException | JsonParseException | IllegalStateException e) {
            // Gson wraps what happens to the connection while it reads.
            if (e.getCause() instanceof IOException broken && !(broken instanceof MalformedJsonException)) {
                throw broken;
            }
            throw unreadable(body, response, beginning.utf8(), e);
        }
    }

    /** Its label is looked at only now: JSON comes as plain text too, and as a page (M7). */
    private SourceException unreadable(ResponseBody body, Response response, String beginning, Exception e) {
        HttpUrl url = response.request().url();
        Refusal refusal = Refusal.of(response, beginning, What.REPOSITORY, context.url(), context.hasToken());
        if (!refusal.message().isEmpty()) {
            return new SourceException(new Verdict.Blocked("a message instead of data: " + refusal.words()), e);
        }
        if (CommonVerdicts.isWebPage(response)) {
            return new SourceException(CommonVerdicts.ofStatus(response).orElseThrow(), e);
        }
        return blocked(isJson(body) ? "JSON that cannot be read" : "an answer that is not JSON", url, e);
    }

    /** What an answer to a request for bytes means. */
    Verdict explain(Response response) throws IOException {
        return explain(response, response.peekBody(LONGEST_EXPLANATION).string(), What.FILE);
    }

    /** What is said in a success that cannot be the file; empty if nothing in it is the Hub's. */
    Optional<Verdict> complaint(Response response) throws IOException {
        String body = response.peekBody(LONGEST_EXPLANATION).string();
        Refusal refusal = Refusal.of(response, body, What.FILE, context.url(), context.hasToken());
        if (!refusal.code().isEmpty()) {
            return Optional.of(rules.refused(refusal));
        }
        return refusal.message().isEmpty()
                ? Optional.empty()
                : Optional.of(new Verdict.Blocked("a message instead of the file: " + refusal.words()));
    }

    private Verdict explain(Response response, String body, What asked) {
        Refusal refusal = Refusal.of(response, body, asked, context.url(), context.hasToken());
        if (Hiccup.isOne(response) && (refusal.code() + refusal.message()).isEmpty()) {
            return new Verdict.Down(refusal.words(), true);
        }
        if (asked != What.FILE && isAnotherServers(refusal) && !isJson(response.body())) {
            return new Verdict.Blocked(refusal.words());
        }
        boolean named = response.code() / 100 == 4 && !refusal.code().isEmpty() && response.code() != 429;
        Verdict verdict = named
                ? rules.refused(refusal)
                : CommonVerdicts.ofStatus(labelled(response, refusal)).orElseGet(() -> rules.refused(refusal));
        return verdict instanceof Verdict.Down down && down.answered()
                ? new Verdict.Down(refusal.words(), true)
                : verdict;
    }

    /** A body that the Hub speaks in is no page, whatever it is labelled. */
    private static Response labelled(Response response, Refusal refusal) {
        return refusal.message().isEmpty()
                ? response
                : response.newBuilder().removeHeader("Content-Type").build();
    }

    /**
     * A "not found" that says so in plain words. Who speaks for the Hub answers questions in JSON (M7), with a code, or
     * with nothing but the status; only files are refused in words (huggingface.md 2.1).
     */
    private static boolean isAnotherServers(Refusal refusal) {
        return (refusal.status() == 404 || refusal.status() == 410)
                && (refusal.code() + refusal.message() + refusal.requestId()).isEmpty()
                && !refusal.text().isEmpty();
    }

    /** M6: an answer about another commit than the pinned one would mix two versions. */
    static void mustBeAbout(@Nullable String commit, Response response) throws SourceException {
        String theirs = response.header("X-Repo-Commit");
        if (commit != null && theirs != null && !theirs.strip().equalsIgnoreCase(commit)) {
            throw blocked(
                    "an answer about commit " + Refusal.clean(theirs) + " instead of " + commit,
                    response.request().url(),
                    null);
        }
    }

    /** M7, leaving room for hosts that do not declare the type at all. */
    private static boolean isJson(ResponseBody body) {
        return body.contentType() == null
                || body.contentType().subtype().toLowerCase(Locale.ROOT).contains("json");
    }

    private static SourceException blocked(String what, HttpUrl url, @Nullable Throwable cause) {
        return new SourceException(new Verdict.Blocked(what + " (" + url.host() + ")"), cause);
    }
}

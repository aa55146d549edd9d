package dev.modelfetch.internal.choice;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.memory.History;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceProfile;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * A source with what the engine keeps for it.
 *
 * @param backend what asks and answers in the hub's own way
 * @param profile who it is
 * @param names short forms people may type
 * @param data client for the bodies of large files
 * @param small client for those of small ones
 * @param line by which it is reached
 * @param tokenFrom where its token was set; null if it has none
 * @param permits connections it may have open for bytes, over all jobs
 * @param threads for calls into it that somebody waits for
 * @param history what earlier jobs have seen of it
 * @param token null if it has none, or nothing can be known of it
 * @param resolutions what it has said of revisions
 * @param listings what it has listed
 */
public record Source(
        ModelSource backend,
        SourceProfile profile,
        Set<String> names,
        OkHttpClient data,
        OkHttpClient small,
        Line line,
        @Nullable String tokenFrom,
        Semaphore permits,
        Executor threads,
        History history,
        @Nullable TokenInPlay token,
        Answers<Question, Candidate.Answer> resolutions,
        Answers<Resolved, Manifest> listings) {

    /** What a job wants to know first. */
    record Question(Repo repo, @Nullable String revision) {}

    /** One that has not been asked anything. */
    public Source(
            ModelSource backend,
            SourceProfile profile,
            Set<String> names,
            OkHttpClient data,
            OkHttpClient small,
            Line line,
            @Nullable String tokenFrom,
            Semaphore permits,
            Executor threads,
            History history) {
        this(
                backend,
                profile,
                names,
                data,
                small,
                line,
                tokenFrom,
                permits,
                threads,
                history,
                null,
                new Answers<>(answer -> answer.resolved() != null),
                new Answers<>(manifest -> true));
    }

    /** The same, of which that is known. */
    Source with(History known) {
        return knowing(known, token);
    }

    /** The same, of whose token that is known. */
    Source with(TokenInPlay known) {
        return knowing(history, known);
    }

    private Source knowing(History ofSource, @Nullable TokenInPlay ofToken) {
        return new Source(
                backend,
                profile,
                names,
                data,
                small,
                line,
                tokenFrom,
                permits,
                threads,
                ofSource,
                ofToken,
                resolutions,
                listings);
    }

    /** The same, whose bytes travel by another line: what it says of revisions and lists is the same. */
    Source by(Line other, OkHttpClient otherData) {
        return new Source(
                backend,
                profile,
                names,
                otherData,
                HttpClients.small(otherData),
                other,
                tokenFrom,
                permits,
                threads,
                history,
                token,
                resolutions,
                listings);
    }

    /** The same, that is asked through another instance of its code. */
    Source asking(ModelSource other) {
        Source asked = new Source(other, profile, names, data, small, line, tokenFrom, permits, threads, history);
        return token == null ? asked : asked.with(token);
    }

    /** How requests to its endpoint travel, for people. */
    public String route() {
        return line.text();
    }

    /** Lets go of answers that no job can want any more. */
    void forget(long oldestBegunNanos) {
        resolutions.forget(oldestBegunNanos);
        listings.forget(oldestBegunNanos);
    }

    /** Begins a call into its code. */
    public <T> PluginCall<T> call(String method, PluginCall.Code<T> code) {
        return call(threads, method, code);
    }

    /** As {@link #call(String, PluginCall.Code)}, on a thread of that executor. */
    <T> PluginCall<T> call(Executor executor, String method, PluginCall.Code<T> code) {
        return PluginCall.begin(executor, backend.getClass(), method, host(), code);
    }

    /** Where its requests begin, in a word. */
    public String host() {
        return Endpoints.name(profile.endpoint());
    }

    /** The verdict as people are to read it: a token that does not do is called by the place where it can be mended. */
    public Verdict told(Verdict verdict) {
        return tokenFrom != null
                        && verdict instanceof Verdict.NeedsAuth refused
                        && refused.missing() != Verdict.Missing.TOKEN
                ? new Verdict.NeedsAuth(refused.detail() + " (" + tokenFrom + ")", refused.missing())
                : verdict;
    }

    /** Whether a token is configured for it. */
    public boolean hasToken() {
        return tokenFrom != null;
    }

    public String id() {
        return profile.id();
    }

    /** The client for the body of that file. */
    public OkHttpClient clientFor(RepoFile file) {
        return file.size() < Limits.SMALL_FILE ? small : data;
    }

    public boolean answersTo(String name) {
        return id().equals(name) || names.contains(name);
    }

    /** There is one for each source of an engine, or of a job that asks nobody else. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return profile.id().hashCode();
    }

    @Override
    public String toString() {
        return id();
    }
}

package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.memory.History;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One source in one job: asked and listed at most once, what it said is kept, and why it is out. Thread-safe. */
public final class Candidate {

    /** What came of asking; either it is resolved, or there may be a refusal with its cause. */
    public record Answer(
            Verdict verdict,
            long millis,
            @Nullable Resolved resolved,
            @Nullable SourceException refusal) {

        public Answer(Verdict verdict, long millis, @Nullable Resolved resolved) {
            this(verdict, millis, resolved, null);
        }
    }

    private final Source source;
    private final Repo repo;
    private final @Nullable String revision;
    private final long begunNanos;
    private final boolean anew;
    private final History history;
    /** As it was when the job was begun: what it learns itself is no reason not to ask. */
    private final Optional<History.Avoided> avoided;

    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private @Nullable CompletableFuture<Manifest> listing;
    private volatile long startedNanos;
    private volatile boolean started;
    private volatile boolean out;
    private volatile @Nullable Verdict flaw;

    public Candidate(Source source, Repo repo, @Nullable String revision) {
        this(source, repo, revision, System.nanoTime(), false, History.NONE);
    }

    /** As the next, of whom nothing is known beforehand. */
    Candidate(Source source, Repo repo, @Nullable String revision, long begunNanos) {
        this(source, repo, revision, begunNanos, History.NONE);
    }

    /**
     * @param begunNanos when its job was begun: what the source has said before that is not new enough
     * @param history what is to be known of it beforehand
     */
    Candidate(Source source, Repo repo, @Nullable String revision, long begunNanos, History history) {
        this(source, repo, revision, begunNanos, false, history);
    }

    private Candidate(
            Source source, Repo repo, @Nullable String revision, long begunNanos, boolean anew, History history) {
        this.source = source;
        this.repo = repo;
        this.revision = revision;
        this.begunNanos = begunNanos;
        this.anew = anew;
        this.history = history;
        this.avoided = history.avoided();
    }

    /** The same source, to be asked anew from now on. */
    Candidate again() {
        return new Candidate(source, repo, revision, System.nanoTime(), true, History.NONE);
    }

    public Source source() {
        return source;
    }

    Line.Role role() {
        return source.line().role();
    }

    /** How much of what comes from it may cost money, as {@link Line#cost}. */
    int lineCost() {
        return source.line().cost();
    }

    /** Whether the hub itself has spoken, so that by another line it would say the same. */
    boolean hasHubAnswered() {
        return answer().filter(answer -> switch (answer.verdict().kind()) {
                    case USABLE, ALIAS -> true;
                    case NOT_HERE, NEEDS_AUTH, LIMITED -> answer.verdict().answered();
                    case BLOCKED, DOWN, BROKEN, NOT_ASKED -> false;
                })
                .isPresent();
    }

    /** Why it is asked only when nobody else will do; empty if it is asked like the others. */
    Optional<History.Avoided> avoided() {
        return avoided;
    }

    /** How soon it answered lately, in milliseconds; empty if that is not known. */
    OptionalLong usualMillis() {
        return avoided.isPresent() ? OptionalLong.empty() : history.freshMillis();
    }

    /** Bytes per second it has brought lately; 0 if nothing is known. */
    double usualRate() {
        return history.rate();
    }

    /** Asks on another thread; a second call changes nothing. */
    public synchronized CompletableFuture<Answer> ask(Executor executor) {
        if (!started) {
            startedNanos = System.nanoTime();
            started = true;
            Source.Question question = new Source.Question(repo, revision);
            CompletableFuture<Answer> said = anew
                    ? source.resolutions().anew(question, () -> resolve(executor))
                    : source.resolutions().to(question, begunNanos, () -> resolve(executor));
            var unused = said.thenAccept(answer::complete);
        }
        return answer;
    }

    /**
     * Lists what it has resolved, as soon as it has; a second call returns the same.
     *
     * @return ends with a {@link SourceException} inside a {@link CompletionException} if it cannot
     */
    synchronized CompletableFuture<Manifest> list(Executor executor) {
        if (listing == null) {
            listing = ask(executor).thenCompose(answered -> listed(executor, answered));
        }
        return listing;
    }

    private CompletableFuture<Answer> resolve(Executor executor) {
        return source.call(executor, "resolve", () -> source.backend().resolve(repo, revision))
                .within(Limits.LONGEST_ANSWER)
                .thenApply(this::checked)
                .handle(this::answerOf);
    }

    private CompletableFuture<Manifest> listed(Executor executor, Answer answered) {
        Resolved resolved = answered.resolved();
        return resolved == null
                ? CompletableFuture.failedFuture(new SourceException(answered.verdict()))
                : source.listings().to(resolved, begunNanos, () -> list(executor, resolved));
    }

    private CompletableFuture<Manifest> list(Executor executor, Resolved resolved) {
        return source.call(executor, "list", () -> source.backend().list(resolved))
                .within(Limits.LONGEST_LISTING)
                .thenApply(manifest -> checked(resolved, manifest))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(told(refusalIn(failure))));
    }

    private SourceException told(SourceException refusal) {
        Verdict said = source.told(refusal.verdict());
        return said.equals(refusal.verdict()) ? refusal : new SourceException(said, refusal);
    }

    private Resolved checked(Resolved resolved) {
        try {
            Consistency.check(repo, resolved);
            return resolved;
        } catch (SourceException e) {
            throw new CompletionException(e);
        }
    }

    private Manifest checked(Resolved resolved, Manifest manifest) {
        try {
            Consistency.check(source.profile(), resolved, manifest);
            return manifest;
        } catch (SourceException e) {
            throw new CompletionException(e);
        }
    }

    private Answer answerOf(@Nullable Resolved resolved, @Nullable Throwable failure) {
        if (resolved != null) {
            Verdict usable = new Verdict.Usable(resolved.commit());
            source.history().answered(usable, millis());
            if (!source.hasToken()) {
                source.history().seenOpenly(repo);
            }
            return new Answer(usable, millis(), resolved);
        }
        SourceException said = refusalIn(Objects.requireNonNull(failure));
        source.history().answered(said.verdict(), millis());
        return new Answer(source.told(said.verdict()), millis(), null, said);
    }

    /** What broke in its code when it was asked; empty if nothing did. */
    Optional<SourceException> breakage() {
        return answer().map(Answer::refusal).filter(failure -> failure.verdict().kind() == Verdict.Kind.BROKEN);
    }

    public boolean isStarted() {
        return started;
    }

    /** Empty while it has not answered. */
    public Optional<Answer> answer() {
        return Optional.ofNullable(answer.getNow(null));
    }

    public boolean isUsable() {
        return answer().map(Answer::resolved).isPresent();
    }

    /** Whether it has been asked and may still answer. */
    public boolean isPending() {
        return started && !answer.isDone();
    }

    /** How long ago it was asked. */
    Duration waitedFor() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** Whether its manifest may still come. */
    synchronized boolean isListing() {
        return listing != null && !listing.isDone();
    }

    /** Its manifest as it will come; empty if nobody wants it yet. */
    synchronized Optional<CompletableFuture<Manifest>> listing() {
        return Optional.ofNullable(listing);
    }

    /** Its manifest, if it has come. */
    synchronized Optional<Manifest> manifest() {
        return listing != null && listing.isDone() && !listing.isCompletedExceptionally()
                ? Optional.of(listing.join())
                : Optional.empty();
    }

    /** Why it cannot serve: what it answered, or what came of its listing; empty if it can, or may. */
    synchronized Optional<Verdict> trouble() {
        if (answer.isDone() && !isUsable()) {
            return answer().map(Answer::verdict);
        }
        return failureToList().map(SourceException::verdict);
    }

    /** Set if it lists what cannot be, which is worse than not to be had. */
    synchronized Optional<FetchException.Corrupt> damage() {
        return failureToList()
                .map(Throwable::getCause)
                .filter(FetchException.Corrupt.class::isInstance)
                .map(FetchException.Corrupt.class::cast);
    }

    private Optional<SourceException> failureToList() {
        if (listing == null || !listing.isCompletedExceptionally()) {
            return Optional.empty();
        }
        return Optional.of(
                listing.handle((manifest, failure) -> refusalIn(failure)).join());
    }

    /** Also for what no source can be told off for, such as that there are no threads any more. */
    private static SourceException refusalIn(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof SourceException refusal
                ? refusal
                : new SourceException(new Verdict.Down(String.valueOf(cause), false), cause);
    }

    /** The job turns to others. */
    void dismiss() {
        out = true;
    }

    /** As {@link #dismiss()}, for what it has listed. */
    void dismiss(Verdict why) {
        flaw = why;
        out = true;
    }

    boolean isOut() {
        return out;
    }

    /** Whether it was dismissed for what it has listed. */
    boolean hasFlaw() {
        return flaw != null;
    }

    /** Whether both have the same commit of the same family. */
    boolean hasVersionOf(Manifest manifest) {
        return family().equals(manifest.family())
                && answer().map(Answer::resolved)
                        .filter(own -> own.commit().equals(manifest.commit()))
                        .isPresent();
    }

    /** Whether both have answered with the same commit of the same family. */
    boolean hasVersionOf(Candidate other) {
        Resolved mine = answer().map(Answer::resolved).orElse(null);
        Resolved theirs = other.answer().map(Answer::resolved).orElse(null);
        return family().equals(other.family())
                && mine != null
                && theirs != null
                && mine.commit().equals(theirs.commit());
    }

    boolean isHub() {
        return family().equals(SourceProfile.HUB);
    }

    String family() {
        return source.profile().family();
    }

    Trust trust() {
        return source.profile().trust();
    }

    /** What is known of it now; a probe still under way counts as unanswered after the time it has had. */
    public Probe probe() {
        return probe("another had answered");
    }

    /** @param otherwise why it was not asked, if it was not to be avoided */
    Probe probe(String otherwise) {
        Answer now = answer().orElseGet(() -> started
                ? new Answer(new Verdict.Down("no answer yet, not waited for", false), millis(), null)
                : new Answer(new Verdict.NotAsked(whyNot(otherwise)), 0, null));
        Verdict verdict = flaw != null ? flaw : now.verdict();
        return new Probe(source.id(), Redact.url(source.profile().endpoint()), source.route(), verdict, now.millis());
    }

    private String whyNot(String otherwise) {
        return avoided.map(reason -> switch (reason) {
                    case DOWN -> "could not be reached " + ago();
                    case LIMITED -> "wanted to be left alone " + ago();
                    case ALIAS -> "redirected this network elsewhere " + ago();
                })
                .orElse(otherwise);
    }

    private String ago() {
        long seconds = history.age().toSeconds();
        return seconds < 120 ? seconds + " s ago" : seconds / 60 + " min ago";
    }

    private long millis() {
        return waitedFor().toMillis();
    }
}

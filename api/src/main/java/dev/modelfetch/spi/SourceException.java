package dev.modelfetch.spi;

import dev.modelfetch.Verdict;
import java.io.IOException;
import java.time.Duration;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A source could not answer as asked; the verdict says why. Its words are one clause for people, without a final stop,
 * such as {@code has no such folder}: the name of the source is put in front of it.
 */
public final class SourceException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Verdict verdict;

    public SourceException(Verdict verdict) {
        this(verdict, null);
    }

    public SourceException(Verdict verdict, @Nullable Throwable cause) {
        super(verdict.detail(), cause);
        this.verdict = verdict;
    }

    /** It has no such repository, revision or file, or hides it from this caller. Others are asked. */
    public static SourceException notHere(Verdict.What what, String detail) {
        return new SourceException(new Verdict.NotHere(what, detail));
    }

    /** Gated, private, or a bad token. Of public repositories, others are asked. */
    public static SourceException needsAuth(Verdict.Missing missing, String detail) {
        return new SourceException(new Verdict.NeedsAuth(detail, missing));
    }

    /** What has answered is not the hub, or does not speak sense; asking again would not help. */
    public static SourceException blocked(String detail) {
        return new SourceException(new Verdict.Blocked(detail));
    }

    /** Too many requests. It is left alone for so long, and then asked again. */
    public static SourceException limited(Duration pause, String detail) {
        return new SourceException(new Verdict.Limited(pause, detail));
    }

    /** It answers, but has trouble of its own which may pass. It is asked again after a while. */
    public static SourceException trouble(String detail) {
        return new SourceException(new Verdict.Down(detail, true));
    }

    /** The network has failed, or the answer had no end. Whether it is asked again depends on the failure. */
    public static SourceException of(IOException failure, HttpUrl asked) {
        return new SourceException(CommonVerdicts.ofFailure(failure, asked), failure);
    }

    /**
     * As {@link #of(IOException, HttpUrl)}, where something else was asked than an address of the web.
     *
     * @param asked what to call it, for example a host or a folder
     */
    public static SourceException of(IOException failure, String asked) {
        return new SourceException(CommonVerdicts.ofFailure(failure, asked), failure);
    }

    public Verdict verdict() {
        return verdict;
    }
}

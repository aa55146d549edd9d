package dev.modelfetch.spi;

import dev.modelfetch.Verdict;
import org.jspecify.annotations.Nullable;

/** A source could not answer as asked; the verdict says why. */
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

    public Verdict verdict() {
        return verdict;
    }
}

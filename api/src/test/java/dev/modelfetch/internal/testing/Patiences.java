package dev.modelfetch.internal.testing;

import dev.modelfetch.internal.run.Patience;
import java.time.Duration;

/** How long the jobs of tests go on while nothing arrives. */
public final class Patiences {

    private Patiences() {}

    /** Ends when everybody has failed a few times. */
    public static Patience none() {
        return new Patience(Duration.ZERO, false, System::nanoTime);
    }

    /** Ends at no time that a test would wait for, and begins at once. */
    public static Patience ofAJob() {
        return new Patience(Duration.ofHours(1), true, System::nanoTime);
    }
}

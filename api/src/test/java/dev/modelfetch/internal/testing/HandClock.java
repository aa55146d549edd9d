package dev.modelfetch.internal.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that only passes when a test says so. */
public final class HandClock implements InstantSource {

    private Instant now = Instant.parse("2026-05-04T10:00:00Z");

    @Override
    public synchronized Instant instant() {
        return now;
    }

    public synchronized void pass(Duration time) {
        now = now.plus(time);
    }
}

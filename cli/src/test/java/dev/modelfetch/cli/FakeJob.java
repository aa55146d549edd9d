package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchProgress;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Snapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A job that ends when the test says so, or when it is cancelled. */
record FakeJob(FetchRequest request, CompletableFuture<Snapshot> result) implements FetchJob {

    @Override
    public String id() {
        return "fetch-1";
    }

    @Override
    public FetchProgress progress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean cancel() {
        return result.completeExceptionally(new FetchException.Cancelled());
    }

    @Override
    public boolean awaitEnd(Duration atMost) {
        return result.isDone();
    }

    @Override
    public void bytesPerSecond(long limit) {
        throw new UnsupportedOperationException();
    }
}

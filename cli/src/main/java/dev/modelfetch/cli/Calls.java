package dev.modelfetch.cli;

import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.StoredCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the commands ask of {@link Modelfetch}, as functions, so that a test can answer in its place. */
record Calls(
        Function<String, FetchRequest.Builder> request,
        BiFunction<FetchRequest, FetchListener, CompletableFuture<Snapshot>> fetch,
        BiFunction<FetchRequest, FetchListener, Plan> plan,
        BiFunction<FetchRequest, FetchListener, Listing> list,
        Probing probe,
        Function<FetchRequest, StoredCheck> verify,
        Function<Path, StoredCheck> verifyDirectory,
        Runnable end)
        implements AutoCloseable {

    /** {@link Modelfetch#probe}. */
    interface Probing {
        List<Probe> ask(SourceChoice choice, Optional<Repo> repo, @Nullable String revision);
    }

    static Calls of(Modelfetch modelfetch) {
        return new Calls(
                modelfetch::request,
                modelfetch::fetchAsync,
                modelfetch::plan,
                modelfetch::list,
                modelfetch::probe,
                modelfetch::verify,
                modelfetch::verify,
                modelfetch::close);
    }

    @Override
    public void close() {
        end.run();
    }
}

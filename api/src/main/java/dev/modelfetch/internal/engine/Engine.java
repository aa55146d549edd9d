package dev.modelfetch.internal.engine;

import dev.modelfetch.*;
import java.nio.file.Path;
import java.util.*;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

public final class Engine implements AutoCloseable {
    public Engine(Settings settings) {}
    public FetchRequest.Builder withDefaults(FetchRequest.Builder b) { throw new UnsupportedOperationException(); }
    public FetchResult fetch(FetchRequest request, FetchListener listener) { throw new UnsupportedOperationException(); }
    public CompletableFuture<FetchResult> fetchAsync(FetchRequest request, FetchListener listener) { throw new UnsupportedOperationException(); }
    public Listing list(FetchRequest request, FetchListener listener) { throw new UnsupportedOperationException(); }
    public Plan plan(FetchRequest request, FetchListener listener) { throw new UnsupportedOperationException(); }
    public List<Probe> probe(SourceChoice choice, Optional<Repo> repo, @Nullable String revision) { throw new UnsupportedOperationException(); }
    public StoredCheck verify(FetchRequest request) { throw new UnsupportedOperationException(); }
    public StoredCheck verify(Path directory) { throw new UnsupportedOperationException(); }
    public List<SourceInfo> sources() { throw new UnsupportedOperationException(); }
    @Override public void close() {}
}

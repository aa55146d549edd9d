package dev.modelfetch.internal.choice;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Request;

/**
 * One source can deliver exactly this content.
 *
 * @param source who
 * @param manifest that its request is made from: its own, or one of the same version
 * @param file the row in that manifest
 */
public record Offer(Source source, Manifest manifest, RepoFile file) {

    /** Begins to ask the source how those bytes are had. */
    public PluginCall<Way> way(ByteRange range) {
        return source.call("handing out bytes", () -> wayOf(range));
    }

    private Way wayOf(ByteRange range) throws SourceException, IOException {
        ModelSource backend = source.backend();
        Optional<ByteStream> own = backend.open(manifest, file, range);
        if (own == null) {
            throw new SourceException(new Verdict.Broken("open returned null"));
        }
        if (own.isPresent()) {
            return new Way.Handed(own.get());
        }
        Request request = backend.request(manifest, file);
        if (request == null) {
            throw new SourceException(new Verdict.Broken("request returned null"));
        }
        return new Way.Asked(request);
    }

    public String id() {
        return source.id();
    }
}

package dev.modelfetch.internal.store;

import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Run by {@link ProvenanceAcrossProcessesTest}: trusts and doubts files of its own, with much that says nothing. */
final class OtherWriter {

    static final int DOUBTS = 50;
    static final int LINES_PER_DOUBT = 10;

    private OtherWriter() {}

    public static void main(String[] args) {
        write(Path.of(args[0]), args[1]);
    }

    static void write(Path record, String name) {
        Provenance provenance = new Provenance(record, 20);
        Content content = Sample.hash(Sample.CONFIG_BYTES);
        try {
            for (int i = 0; i < DOUBTS; i++) {
                provenance.append(line(name + i, i, content));
                provenance.append(line(name + i, i, null));
                for (int j = 2; j < LINES_PER_DOUBT; j++) {
                    provenance.append(line(name, (long) i * LINES_PER_DOUBT + j, content));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProvenanceLine line(String file, long modified, @Nullable Content content) {
        return ProvenanceLine.of(
                Instant.parse("2026-05-04T10:00:00Z"),
                file,
                Sample.COMMIT,
                file,
                1,
                modified,
                content,
                List.of("mirror"),
                Verification.CROSS);
    }
}

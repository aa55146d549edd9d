package dev.modelfetch.internal.store;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the Python library notes about a file in a local directory: three lines (huggingface.md 5.7).
 *
 * @param commit it was fetched from
 * @param etag the Hub's name for its content
 * @param timestamp when this was noted, in seconds since 1970
 */
record LocalMetadata(String commit, String etag, BigDecimal timestamp) {

    private static final int MICROSECONDS = 6;

    /** Noted now, or when the file was last modified if that is later, so that it counts even after the clock was set back. */
    static LocalMetadata of(String commit, String etag, Instant now, FileTime modified) {
        return new LocalMetadata(
                commit,
                etag,
                seconds(now).max(seconds(modified.toInstant())).setScale(MICROSECONDS, RoundingMode.CEILING));
    }

    /** Empty if it is missing or damaged. */
    static Optional<LocalMetadata> read(Path metadata) throws IOException {
        if (!Files.isRegularFile(metadata)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(metadata);
            return lines.size() < 3
                    ? Optional.empty()
                    : Optional.of(new LocalMetadata(
                            lines.get(0).strip(),
                            lines.get(1).strip(),
                            new BigDecimal(lines.get(2).strip())));
        } catch (NumberFormatException | MalformedInputException e) {
            return Optional.empty();
        }
    }

    /** Whether it still speaks of the file as it is: modified no later than a second after this was noted. */
    boolean isValid(FileTime modified) {
        return seconds(modified.toInstant()).subtract(BigDecimal.ONE).compareTo(timestamp) <= 0;
    }

    String text() {
        return commit + "\n" + etag + "\n" + timestamp.toPlainString() + "\n";
    }

    private static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9));
    }
}

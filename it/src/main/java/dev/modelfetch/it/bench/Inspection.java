package dev.modelfetch.it.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks, after a run and whatever the tool says, whether every file is there, byte for byte. */
final class Inspection {

    private static final int BUFFER = 1 << 20;

    private Inspection() {}

    /** How many of the files are nowhere below the home under their own path with the right content. */
    static long missing(Path home, List<Wanted> files) throws IOException {
        try (Stream<Path> found = Files.walk(home)) {
            Map<String, List<Path>> byName = found.filter(Files::isRegularFile)
                    .collect(Collectors.groupingBy(path -> path.getFileName().toString()));
            return files.stream()
                    .filter(file ->
                            byName
                                    .getOrDefault(
                                            Path.of(file.path()).getFileName().toString(), List.of())
                                    .stream()
                                    .noneMatch(path -> path.endsWith(file.path()) && matches(path, file)))
                    .count();
        }
    }

    private static boolean matches(Path path, Wanted file) {
        try {
            return Files.size(path) == file.size() && sha256(path).equals(file.sha256());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

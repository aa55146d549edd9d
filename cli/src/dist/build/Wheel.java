import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the wheel: a zip with a list of its files and their digests (PEP 427). Run as a source file by the build, which
 * then needs no Python.
 */
final class Wheel {

    private static final String TAGS = """
            Wheel-Version: 1.0
            Generator: modelfetch
            Root-Is-Purelib: true
            Tag: py3-none-any
            """;

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /** Version, time of all entries, folder of the Python sources, folder to write to, licence, further files of the package. */
    public static void main(String[] words) throws IOException, GeneralSecurityException {
        String version = words[0];
        LocalDateTime time = LocalDateTime.ofInstant(Instant.parse(words[1]), ZoneOffset.UTC);
        Path python = Path.of(words[2]);
        Wheel wheel = new Wheel();
        try (Stream<Path> sources = Files.list(python.resolve("modelfetch"))) {
            for (Path source : sources.filter(Files::isRegularFile).sorted().toList()) {
                wheel.add("modelfetch/", source);
            }
        }
        for (int i = 5; i < words.length; i++) {
            wheel.add("modelfetch/", Path.of(words[i]));
        }
        String about = "modelfetch-" + version + ".dist-info/";
        String metadata = Files.readString(python.resolve("METADATA")).replace("@VERSION@", version);
        wheel.add(about, Path.of(words[4]));
        wheel.files.put(about + "METADATA", metadata.getBytes(StandardCharsets.UTF_8));
        wheel.files.put(about + "WHEEL", TAGS.getBytes(StandardCharsets.UTF_8));
        wheel.add(about, python.resolve("entry_points.txt"));
        wheel.files.put(about + "RECORD", wheel.record(about + "RECORD").getBytes(StandardCharsets.UTF_8));
        wheel.write(Path.of(words[3]).resolve("modelfetch-" + version + "-py3-none-any.whl"), time);
    }

    private void add(String folder, Path file) throws IOException {
        files.put(folder + file.getFileName(), Files.readAllBytes(file));
    }

    private String record(String own) throws GeneralSecurityException {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.getValue());
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
            lines.append(file.getKey() + ",sha256=" + text + "," + file.getValue().length + "\n");
        }
        return lines.append(own + ",,\n").toString();
    }

    private void write(Path target, LocalDateTime time) throws IOException {
        Files.createDirectories(target.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                // As local time, which is what a zip holds: the machine's own zone has no part in it.
                entry.setTimeLocal(time);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
    }
}

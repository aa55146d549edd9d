package dev.modelfetch.it.sample;

import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Packs the sample source as a stranger would ship it: its classes and a service file, in a jar of its own. */
public final class SampleJar {

    private SampleJar() {}

    /** Writes {@code tree-source.jar} into that directory and returns it. */
    public static Path ofTree(Path directory) throws IOException {
        return write(directory.resolve("tree-source.jar"), TreeProvider.class, TreeSource.class);
    }

    /** Writes {@code directory-source.jar} into that directory and returns it. */
    public static Path ofDirectory(Path directory) throws IOException {
        return write(directory.resolve("directory-source.jar"), DirectoryProvider.class, DirectorySource.class);
    }

    private static Path write(
            Path jar, Class<? extends ModelSourceProvider> provider, Class<? extends ModelSource> source)
            throws IOException {
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Class<?> type : List.of(provider, source)) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream in = type.getResourceAsStream("/" + name)) {
                    add(out, name, in.readAllBytes());
                }
            }
            add(
                    out,
                    "META-INF/services/" + ModelSourceProvider.class.getName(),
                    provider.getName().getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
        out.closeEntry();
    }
}

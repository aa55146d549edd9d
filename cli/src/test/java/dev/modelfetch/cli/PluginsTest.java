package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    Path temp;

    @AfterEach
    void restore() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void everyJarInTheFolderIsFoundAndNothingElse() throws IOException {
        Path plugins = Files.createDirectories(temp.resolve("plug ins 源"));
        jar(plugins.resolve("one.jar"), "in-a-jar");
        jar(plugins.resolve("two.zip"), "in-a-zip");

        Plugins.load(Map.of("MODELFETCH_PLUGINS", plugins.toString()));

        ClassLoader context = Thread.currentThread().getContextClassLoader();
        assertThat(context.getResource("in-a-jar")).isNotNull();
        assertThat(context.getResource("in-a-zip")).isNull();
        assertThat(context.getResource("dev/modelfetch/cli/Plugins.class")).isNotNull();
    }

    @Test
    void withoutAFolderAllIsAsItWas() {
        Plugins.load(Map.of("XDG_CONFIG_HOME", temp.toString()));

        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void theFolderLiesBesideTheConfiguration() {
        assertThat(Plugins.folder(Map.of("HOME", "/h"))).contains(Path.of("/h/.config/modelfetch/plugins"));
        assertThat(Plugins.folder(Map.of("HOME", "/h", "XDG_CONFIG_HOME", "/x")))
                .contains(Path.of("/x/modelfetch/plugins"));
        assertThat(Plugins.folder(Map.of("LOCALAPPDATA", "/local"))).contains(Path.of("/local/modelfetch/plugins"));
        assertThat(Plugins.folder(Map.of())).isEmpty();
    }

    private static void jar(Path file, String entry) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
        }
    }
}

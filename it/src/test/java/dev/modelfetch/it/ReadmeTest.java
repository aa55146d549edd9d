package dev.modelfetch.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages for people say in Java compiles, and where they point to is there. */
class ReadmeTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);

    /** A link to a page or a heading of ours, not to the web. */
    private static final Pattern LINK = Pattern.compile("\\]\\(([\\w./-]*)(?:#([^)]*))?\\)");

    private static final String AROUND = """
            import dev.modelfetch.*;
            import dev.modelfetch.guice.*;
            import dev.modelfetch.testing.hub.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;

            abstract class Snippet%d {
                Modelfetch modelfetch;
                Path temporary;
                abstract void load(Path file);
                abstract void log(String line);

                void run() throws Exception {
                    %s
                }
            }
            """;

    @TempDir
    Path classes;

    @Test
    void everySnippetCompiles() throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        for (Path page : pages()) {
            Matcher blocks = BLOCK.matcher(Files.readString(page));
            while (blocks.find()) {
                sources.add(source("Snippet" + sources.size(), AROUND.formatted(sources.size(), blocks.group(1))));
            }
        }
        assertThat(sources).isNotEmpty();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();

        boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-proc:none", "-cp", System.getProperty("java.class.path")),
                        null,
                        sources)
                .call();

        assertThat(compiled).as(complaints.toString()).isTrue();
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                Path target = links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1));
                boolean leads = Files.exists(target)
                        && (links.group(2) == null || anchors(target).contains(links.group(2)));
                if (!leads) {
                    dead.add(page + ": " + links.group());
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
            return Stream.concat(Stream.of("../README.md", "../README.zh-CN.md").map(Path::of), docs.sorted())
                    .toList();
        }
    }

    /** As a forge makes them of headings: small letters, dashes for spaces, no punctuation. */
    private static List<String> anchors(Path page) throws IOException {
        return CODE.matcher(Files.readString(page))
                .replaceAll("")
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}

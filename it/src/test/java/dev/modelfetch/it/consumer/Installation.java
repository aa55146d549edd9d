package dev.modelfetch.it.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local Maven repository in which our artifacts are as they would be installed: the jar and the POM that is published,
 * no reactor. All else is behind links to the repository this build uses, so that nothing is fetched twice, what is
 * fetched is there for the next time, too, and nothing of ours gets in there.
 */
final class Installation {

    private static final Path GROUP = Path.of("dev", "modelfetch");

    private final Path root;
    private final Path behind;
    private final String version;

    private Installation(Path root, Path behind, String version) {
        this.root = root;
        this.behind = behind;
        this.version = version;
    }

    /**
     * Installs what has been packaged.
     *
     * @param build the folder of the parent
     * @param version of all modules
     * @param behind the local repository of this build
     * @param root made anew
     */
    static Installation of(Path build, String version, Path behind, Path root) throws IOException {
        delete(root);
        Installation installation = new Installation(root, behind, version);
        installation.link();
        installation.install(build);
        for (Path module : list(build)) {
            installation.install(module);
        }
        return installation;
    }

    Path root() {
        return root;
    }

    /**
     * Moves what was fetched to where it will be found the next time: that under a first part of a group id which the
     * repository behind did not know, and so had no link for.
     */
    void settle() throws IOException {
        for (Path folder : list(root)) {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && !GROUP.startsWith(folder.getFileName())) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Path there = behind.resolve(root.relativize(file).toString());
                        Files.createDirectories(there.getParent());
                        Files.move(file, there, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private void link() throws IOException {
        Path ours = Files.createDirectories(root.resolve(GROUP));
        linkAllBut(GROUP.getName(0), root, behind);
        linkAllBut(GROUP.getName(1), ours.getParent(), behind.resolve(GROUP.getName(0)));
    }

    private static void linkAllBut(Path one, Path here, Path there) throws IOException {
        for (Path folder : Files.isDirectory(there) ? list(there) : List.<Path>of()) {
            if (Files.isDirectory(folder) && !folder.endsWith(one)) {
                Files.createSymbolicLink(here.resolve(folder.getFileName()), folder);
            }
        }
    }

    private void install(Path module) throws IOException {
        Path target = module.resolve("target");
        Path pom = target.resolve(".flattened-pom.xml");
        if (Files.isRegularFile(pom)) {
            String artifact = between(Files.readString(pom), "<artifactId>", "</artifactId>");
            String name = artifact + "-" + version;
            Path home = Files.createDirectories(
                    root.resolve(GROUP).resolve(artifact).resolve(version));
            Files.copy(pom, home.resolve(name + ".pom"));
            Path jar = target.resolve(name + ".jar");
            if (Files.isRegularFile(jar)) {
                Files.copy(jar, home.resolve(name + ".jar"));
            }
        }
    }

    private static String between(String text, String start, String end) {
        int at = text.indexOf(start) + start.length();
        return text.substring(at, text.indexOf(end, at));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    /** Links are deleted, not what they lead to. */
    private static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> entries = Files.walk(root)) {
                for (Path path : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}

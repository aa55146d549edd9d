package dev.modelfetch.it.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Prints what a snapshot directory holds: names, sizes, and where its links lead. */
final class Tree {

    private static final int COMMIT_DIGITS = 12;

    private Tree() {}

    static void print(List<Path> snapshots, PrintStream out) throws IOException {
        for (Path snapshot : snapshots) {
            out.println();
            Path repository = snapshot.getName(snapshot.getNameCount() - 3);
            out.println(repository + "/snapshots/"
                    + shortened(snapshot.getFileName().toString()));
            print(snapshot, "", out);
        }
    }

    private static void print(Path directory, String indent, PrintStream out) throws IOException {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(directory)) {
            entries = listed.sorted().toList();
        }
        for (Path entry : entries) {
            boolean last = entry.equals(entries.get(entries.size() - 1));
            out.println(indent + (last ? "`-- " : "|-- ") + describe(entry));
            if (Files.isDirectory(entry)) {
                print(entry, indent + (last ? "    " : "|   "), out);
            }
        }
    }

    private static String describe(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            return entry.getFileName() + "/";
        }
        String line = String.format(Locale.ROOT, "%-36s %,12d", entry.getFileName(), Files.size(entry));
        if (!Files.isSymbolicLink(entry)) {
            return line;
        }
        Path target = Files.readSymbolicLink(entry);
        Path folder = target.getParent();
        String name = shortened(target.getFileName().toString());
        return line + "  -> " + (folder == null ? name : folder.resolve(name));
    }

    private static String shortened(String digest) {
        return digest.length() > COMMIT_DIGITS ? digest.substring(0, COMMIT_DIGITS) + "..." : digest;
    }
}

package dev.modelfetch.internal.store;

import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where earlier versions kept their notes in a plain directory, files in the making among them. Where the notes are now,
 * uploads and checks of other programs pass them over.
 */
final class FormerFolder {

    private static final String RECORD = "provenance.ndjson";

    private final Path former;
    private final Path own;

    FormerFolder(Path former, Path own) {
        this.former = former;
        this.own = own;
    }

    /** Where the notes are to be read: in their place, unless only an earlier version has left any. */
    Path readable() {
        return Files.isDirectory(own) || !Files.isDirectory(former) ? own : former;
    }

    /**
     * Moves everything to its place; afterwards {@link #readable()} says whether that could be done. Of what is in both,
     * as when an earlier version was used once more, the place's own stays.
     */
    void takeOver() throws IOException {
        if (!Files.isDirectory(former, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
            merge();
        } else {
            AtomicFile.directoriesAbove(own);
            Files.move(former, own);
        }
    }

    private void merge() throws IOException {
        Set<String> taken = new HashSet<>();
        for (Path file : Folders.filesBelow(own)) {
            taken.add(subject(own.relativize(file)));
        }
        for (Path file : Folders.filesBelow(former)) {
            Path name = former.relativize(file);
            Path target = own.resolve(name);
            if (!taken.contains(subject(name))) {
                AtomicFile.directoriesAbove(target);
                AtomicFile.move(file, target);
            } else if (name.toString().equals(RECORD)) {
                append(file, new Provenance(target));
            }
        }
        Folders.delete(former);
    }

    /** A file in the making and its journal belong together: neither comes without the other. */
    private static String subject(Path name) {
        String text = name.toString();
        int dot = text.lastIndexOf('.');
        boolean part = text.endsWith(".part") || text.endsWith(".journal");
        return part ? text.substring(0, dot) : text;
    }

    private static void append(Path record, Provenance to) throws IOException {
        List<String> lines = new String(Files.readAllBytes(record), StandardCharsets.UTF_8)
                .lines()
                .toList();
        for (String line : lines) {
            Optional<ProvenanceLine> known = ProvenanceLine.parse(line);
            if (known.isPresent()) {
                to.append(known.get());
            }
        }
    }
}

package dev.modelfetch.internal.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Files that are seen either as they were or as they are to be. */
public final class AtomicFile {

    /** Begins the name of every temporary file; those a kill left behind are swept up by it. */
    public static final String TEMPORARY = "tmp-";

    private AtomicFile() {}

    /**
     * Writes or replaces a small text file, making the directories above it.
     *
     * @param scratch an existing directory of ours on the same volume: a half-written name never appears beside the target
     */
    public static void write(Path scratch, Path target, String text) throws IOException {
        Path fresh = temporary(scratch);
        try {
            Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
            directoriesAbove(target);
            move(fresh, target);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Copies a file to a new or existing name. */
    public static void copy(Path scratch, Path source, Path target) throws IOException {
        Path fresh = temporary(scratch);
        try {
            Files.copy(source, fresh, StandardCopyOption.COPY_ATTRIBUTES);
            directoriesAbove(target);
            move(fresh, target);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Gives a file or link another name, replacing what has it. Falls back to a copy where volumes differ. */
    public static void move(Path from, Path to) throws IOException {
        try {
            rename(from, to);
        } catch (AtomicMoveNotSupportedException e) {
            Path beside = to.resolveSibling(TEMPORARY + randomHex());
            try {
                Files.copy(from, beside, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                rename(beside, to);
            } finally {
                Files.deleteIfExists(beside);
            }
            Files.delete(from);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        boolean windows = to.getFileSystem().getSeparator().equals("\\");
        Replacing.of(
                windows ? Replacing.USUAL : Replacing.AT_ONCE,
                to,
                () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    public static void directoriesAbove(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            directories(parent);
        }
    }

    /** As {@link Files#createDirectories}, which refuses a link to a directory in some versions of Java. */
    public static void directories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
    }

    public static Path temporary(Path scratch) {
        return scratch.resolve(TEMPORARY + randomHex());
    }

    /** Eight hex digits. */
    public static String randomHex() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }
}

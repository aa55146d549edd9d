package dev.modelfetch.it.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A small disk of its own in memory; where this user may not mount one, the test is skipped and says so. */
public final class Volume implements AutoCloseable {

    private final Path at;

    private Volume(Path at) {
        this.at = at;
    }

    public static Volume of(int megabytes, Path at) throws IOException, InterruptedException {
        Files.createDirectories(at);
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", at.toString()),
                "mounting needs root on Linux");
        return new Volume(at);
    }

    /** From now on nothing can be written there. */
    Volume readOnly() throws IOException, InterruptedException {
        Assumptions.assumeTrue(run("mount", "-o", "remount,ro", at.toString()), "this mount cannot be changed");
        return this;
    }

    /** Lets somebody else take all the room there is. */
    public Path fill() throws IOException {
        Path ballast = at.resolve("ballast");
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return ballast;
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", "--lazy", at.toString());
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}

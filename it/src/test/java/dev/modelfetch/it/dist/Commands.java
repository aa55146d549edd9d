package dev.modelfetch.it.dist;

import java.io.IOException;

/** Commands in the environment of the build, which knows where packages come from. */
final class Commands {

    private Commands() {}

    /** Whether there is such a command and it ends well; what it says is seen in the log of the build. */
    static boolean work(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}

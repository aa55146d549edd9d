package dev.modelfetch.cli;

import dev.modelfetch.cli.screen.Console;
import java.security.NoSuchAlgorithmException;
import java.security.Security;
import javax.net.ssl.SSLContext;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command line and leaves with its exit code. */
    public static void main(String[] args) {
        // A name that cannot be resolved for a moment is not gone for the ten seconds that the JVM remembers it.
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        Thread ahead = new Thread(Main::loadAhead, "load-ahead");
        ahead.setDaemon(true);
        ahead.start();
        Console console = Console.ofProcess();
        System.exit(new Program(new Surroundings(console, CliModule::open)).run(args));
    }

    /** What every fetch needs later and takes as long as parsing the options; the JDK and the JVM keep what is loaded. */
    private static void loadAhead() {
        try {
            SSLContext.getDefault();
            CliModule.loadAhead();
        } catch (NoSuchAlgorithmException e) {
            // Whoever needs it will meet the same trouble, and report it.
        }
    }
}

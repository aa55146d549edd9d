package dev.modelfetch.cli;

import dev.modelfetch.cli.screen.Console;
import java.security.NoSuchAlgorithmException;
import java.security.Security;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** Where the process begins. */
public final class Main {

    private static final String SYSTEM_PROXIES = "java.net.useSystemProxies";

    private Main() {}

    /** Runs one command line and leaves with its exit code. */
    public static void main(String[] args) {
        // A name that cannot be resolved for a moment is not gone for the ten seconds that the JVM remembers it.
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        followSystem(System.getProperty("os.name", ""));
        Thread ahead = new Thread(Main::loadAhead, "load-ahead");
        ahead.setDaemon(true);
        ahead.start();
        Console console = Console.ofProcess();
        Plugins.load(console.environment());
        System.exit(new Program(new Surroundings(console, CliModule::open)).run(words(console.environment(), args)));
    }

    /**
     * Where a proxy tool sets the proxy of the system with one click, that is the one of programs without variables, too.
     * Elsewhere it is the desktop's, of which a terminal knows nothing.
     */
    private static void followSystem(String os) {
        if ((os.startsWith("Windows") || os.startsWith("Mac")) && System.getProperty(SYSTEM_PROXIES) == null) {
            System.setProperty(SYSTEM_PROXIES, "true");
        }
    }

    /**
     * Launchers on Windows hand the command line over in a variable, a word a line: on the way to a process, patterns would
     * be taken for files of the folder, and letters that the system's code page does not have would be lost.
     */
    static String[] words(Map<String, String> environment, String... args) {
        String handed = environment.getOrDefault("MODELFETCH_ARGUMENTS", "");
        return args.length > 0 || handed.isEmpty() ? args : handed.split("\n", -1);
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

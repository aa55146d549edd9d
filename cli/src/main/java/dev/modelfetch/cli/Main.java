package dev.modelfetch.cli;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command line and leaves with its exit code. */
    public static void main(String[] args) {
        Console console = Console.ofProcess();
        System.exit(new Program(new Surroundings(console, CliModule::open)).run(args));
    }
}

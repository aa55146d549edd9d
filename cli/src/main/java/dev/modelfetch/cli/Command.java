package dev.modelfetch.cli;

/** What one word of the command line does. Its fields hold what was said once the line has been read. */
interface Command {

    /** Says what it can be told, in the order of the help. */
    void declare(Options options);

    /**
     * Does it.
     *
     * @return exit code
     */
    int call();
}

package dev.modelfetch.it.bench;

import java.io.IOException;
import java.util.Optional;

/** A tool that can fetch a repository, or at least its files. */
interface Peer {

    /** As shown in the tables. */
    String name();

    /** Program and version. */
    String version();

    /** Why it cannot take part on this machine; empty if it can. */
    Optional<String> absent();

    /** Why it has no place in a scenario; empty if it has. */
    default Optional<String> unfit(Scenario scenario) {
        return Optional.empty();
    }

    /** The hub it is pointed at. */
    Hub hub(Scenario scenario);

    /** Writes what it needs into its home, which is not measured, and says the command, which is. */
    Command prepare(Errand errand) throws IOException;
}

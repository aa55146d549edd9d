package dev.modelfetch.internal.store.cache;

import dev.modelfetch.internal.store.Occupancy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Run by {@link EvictionAcrossProcessesTest}: is in a repository as a job or an eviction, and stays until it is ended. */
final class OtherJob {

    private OtherJob() {}

    public static void main(String[] args) throws IOException {
        Occupancy occupancy = new Occupancy(Path.of(args[0]));
        Optional<Closeable> held = args[2].equals("job") ? occupancy.enter(args[1]) : occupancy.seize(args[1]);
        System.out.println(held.isPresent() ? "in" : "out");
        while (System.in.read() >= 0) {
            // Until standard input ends.
        }
    }
}

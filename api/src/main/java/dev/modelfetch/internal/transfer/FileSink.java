package dev.modelfetch.internal.transfer;

import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.partial.Partial;
import java.nio.file.Path;

/**
 * What all workers on one file share.
 *
 * @param run the attempt it belongs to
 * @param file its row
 * @param target its final place, for messages
 * @param partial where its bytes go
 * @param supply where they come from
 * @param ranges how they are asked for
 * @param throttle how fast they may come
 * @param meter who counts them
 */
record Filling(
        Run run,
        RepoFile file,
        Path target,
        Partial partial,
        Failover supply,
        RangeRequest ranges,
        Throttle throttle,
        Meter meter) {}

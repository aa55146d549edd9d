package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where the bytes of one file land: first on the disk, then in every account of them.
 *
 * @param partial the file in the making
 * @param segments what is still wanted
 * @param hash follows the front
 * @param failover who delivers
 * @param meter tells how far it is
 * @param sender tells when it is another one
 * @param live those who read it meanwhile
 */
record FileSink(
        Partial partial,
        Segments segments,
        FrontierHash hash,
        Failover failover,
        Meter meter,
        OnlySender sender,
        LiveFile live) {

    /** @return how many bytes of the piece are still wanted */
    long take(Place place, Segments.Claim claim, byte[] buffer, int count) throws IOException {
        long wanted = keep(place, claim, buffer, count);
        failover.delivered(place, count);
        sender.brought(place);
        return wanted;
    }

    /**
     * As {@link #take}, for bytes that had come before the connection failed: no sign that anybody delivers now.
     *
     * @return how many bytes of the piece are still wanted
     */
    long keep(Place place, Segments.Claim claim, byte[] buffer, int count) throws IOException {
        int covered = segments.reserve(claim, count);
        partial.write(
                segments.position(claim),
                ByteBuffer.wrap(buffer, 0, covered),
                place.offer().id());
        long wanted = segments.advance(claim, covered);
        hash.advanced();
        live.advanced();
        meter.received(covered, place.offer().id());
        return wanted;
    }
}

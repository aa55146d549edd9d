package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.choice.Offer;
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
 */
record FileSink(Partial partial, Segments segments, FrontierHash hash, Failover failover, Meter meter) {

    /** @return how many bytes of the piece are still wanted */
    long take(Offer offer, Segments.Claim claim, byte[] buffer, int count) throws IOException {
        partial.write(segments.position(claim), ByteBuffer.wrap(buffer, 0, count), offer.id());
        long wanted = segments.advance(claim, count);
        hash.advanced();
        failover.delivered(offer, count);
        meter.received(count, offer.id());
        return wanted;
    }
}

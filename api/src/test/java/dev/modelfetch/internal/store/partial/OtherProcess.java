package dev.modelfetch.internal.store.partial;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Run by {@link PartialAcrossProcessesTest}: opens a partial, writes, says so, and waits until it is ended. */
final class OtherProcess {

    private OtherProcess() {}

    public static void main(String[] args) throws IOException {
        long size = Long.parseLong(args[2]);
        Optional<Partial> partial = Partial.open(Path.of(args[0]), args[1], size, InstantSource.system());
        if (partial.isEmpty()) {
            System.out.println("busy");
            return;
        }
        byte[] block = new byte[65_536];
        for (long at = 0; at < size / 2; at += block.length) {
            partial.get().write(at, ByteBuffer.wrap(block), "other");
        }
        System.out.println("held");
        while (System.in.read() >= 0) {
            // Until standard input ends.
        }
        partial.get().close();
    }
}

package dev.modelfetch.testing.hub;

import java.io.IOException;
import java.io.OutputStream;

/** Passes so many bytes on and then ends the connection. Used by one connection only. */
final class CutAfter extends OutputStream {

    private final OutputStream out;
    private final Cut.How how;
    private long left;

    CutAfter(OutputStream out, long bytes, Cut.How how) {
        this.out = out;
        this.left = bytes;
        this.how = how;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int allowed = (int) Math.min(left, length);
        if (allowed > 0) {
            out.write(bytes, offset, allowed);
            left -= allowed;
        }
        if (allowed < length) {
            throw new Cut(how);
        }
    }
}

package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;

/** A source, its data host, and requests to them. */
abstract class RangeRequestBench {

    static final byte[] CONTENT = Bytes.random(1_000, 1);

    static final RepoFile FILE = Bytes.large("sub dir/model.bin", CONTENT);

    final FileHost host = new FileHost();

    final FileHost data = new FileHost();

    final FakeSource source = FakeSource.mirror(host.url());

    final Cancellation cancellation = new Cancellation();

    final AtomicLong clock = new AtomicLong();

    final RangeRequest ranges = new RangeRequest(cancellation, clock::get);

    @AfterEach
    void close() {
        host.close();
        data.close();
    }

    HttpUrl signed(String signature) {
        return data.url()
                .newBuilder()
                .addPathSegment("blob")
                .addQueryParameter("sig", signature)
                .build();
    }

    byte[] read(int from, int to) throws Fault, InterruptedException {
        return read(offer(FILE, null), from, to);
    }

    byte[] read(Offer offer, int from, int to) throws Fault, InterruptedException {
        try (Opened opened = ranges.open(offer, from, to, null, call -> {})) {
            assertThat(opened.start()).isEqualTo(from);
            return all(opened);
        }
    }

    /** All that it has. */
    static byte[] all(Opened opened) throws Fault, InterruptedException {
        byte[] bytes = new byte[(int) (opened.end() - opened.start())];
        for (int count = 0; count < bytes.length; ) {
            count += opened.read(bytes, count, bytes.length - count);
        }
        assertThat(opened.isExhausted()).isTrue();
        return bytes;
    }

    Opened open(int from, int to) throws Fault, InterruptedException {
        return ranges.open(offer(FILE, null), from, to, null, call -> {});
    }

    Fault fault(int from, int to) {
        return catchThrowableOfType(Fault.class, () -> open(from, to));
    }

    Fault fault(Offer offer, int from, int to) {
        return catchThrowableOfType(Fault.class, () -> ranges.open(offer, from, to, null, call -> {}));
    }

    /** Worth a few more attempts, but not a night of them. */
    static void assertNonsense(Fault fault, String words) {
        assertThat(fault).isNotNull();
        assertThat(fault.kind()).isEqualTo(Fault.Kind.NONSENSE);
        assertThat(fault.retries()).isPositive();
        assertThat(fault.verdict().detail()).contains(words);
    }

    static void assertPassing(Fault fault, String words) {
        assertThat(fault).isNotNull();
        assertThat(fault.isPassing()).isTrue();
        assertThat(fault.verdict()).isInstanceOf(Verdict.Down.class);
        assertThat(fault.verdict().detail()).contains(words);
    }

    Offer offer(RepoFile file, String token) {
        return new Offer(source.source(token), source.manifest(file), file);
    }
}

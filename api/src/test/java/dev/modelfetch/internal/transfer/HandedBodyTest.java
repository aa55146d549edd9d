package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.SourceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that come from the code of a source, and everything that may be wrong with them. */
@Timeout(60)
@SuppressWarnings("InputStreamSlowMultibyteRead") // they are made to be slow
class HandedBodyTest {

    private static final byte[] CONTENT = Bytes.random(1_000, 1);
    private static final RepoFile FILE = Bytes.large("model.bin", CONTENT);

    private final FakeSource source = FakeSource.mirror();
    private final Cancellation cancellation = new Cancellation();
    private final RangeRequest ranges = new RangeRequest(cancellation, System::nanoTime);
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<ByteRange> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        never.countDown();
    }

    @Test
    void theWholeFileComesAndItsStreamIsClosed() throws Exception {
        hands(CONTENT, 0);

        assertThat(read(0, 1_000)).isEqualTo(CONTENT);
        assertThat(asked).containsExactly(new ByteRange(0, 1_000));
        await().untilTrue(closed);
    }

    @Test
    void aPartIsAskedForByItsRange() throws Exception {
        source.handing(CONTENT);

        assertThat(read(100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
    }

    @Test
    void aStreamMayBeginInFrontOfTheRange() throws Exception {
        source.handing((file, range) -> ByteStream.ofWhole(new ByteArrayInputStream(CONTENT)));

        try (Opened opened = open(100, 200)) {
            assertThat(opened.start()).isZero();
            assertThat(opened.end()).isEqualTo(1_000);
            assertThat(RangeRequestBench.all(opened)).isEqualTo(CONTENT);
        }
    }

    @Test
    void aStreamThatBeginsBehindTheRangeIsABug() {
        source.handing((file, range) -> new ByteStream(new ByteArrayInputStream(CONTENT), range.from() + 1));

        Fault fault = fault(() -> open(100, 200));

        assertThat(fault.kind()).isEqualTo(Fault.Kind.BACK_END);
        assertThat(fault.verdict())
                .isEqualTo(new Verdict.Broken("open returned a stream that begins at 101, and was asked for 100"));
    }

    @Test
    void theHostIsTheOneOfItsEndpoint() throws Exception {
        source.handing(CONTENT);

        try (Opened opened = open(0, 1_000)) {
            assertThat(opened.host()).isEqualTo("localhost:1");
        }
    }

    @Test
    void aStreamThatEndsEarlyIsAFileOfAnotherLength() {
        hands(Bytes.part(CONTENT, 0, 400), 0);

        Fault fault = fault(() -> read(0, 1_000));

        assertThat(fault.kind()).isEqualTo(Fault.Kind.WRONG_LENGTH);
        assertThat(fault.verdict().detail())
                .isEqualTo("the stream ends after 400 bytes, the listing says 1000 (localhost:1)");
    }

    @Test
    void aStreamThatGoesOnBehindTheFileIsAFileOfAnotherLength() {
        hands(Bytes.random(1_001, 2), 0);

        Fault fault = fault(() -> read(0, 1_000));

        assertThat(fault.kind()).isEqualTo(Fault.Kind.WRONG_LENGTH);
        assertThat(fault.verdict().detail()).startsWith("the stream goes on after 1000 bytes");
    }

    @Test
    void aStreamMayGoOnBehindTheRange() throws Exception {
        hands(CONTENT, 0);

        try (Opened opened = open(0, 100)) {
            assertThat(opened.read(new byte[100], 0, 100)).isEqualTo(100);
        }
        await().untilTrue(closed);
    }

    @Test
    void aFailureWhileItIsReadMayPass() {
        source.handing((file, range) -> ByteStream.of(
                range,
                new SequenceInputStream(
                        new ByteArrayInputStream(CONTENT, 0, 400), failing(new IOException("stale file handle")))));

        Fault fault = fault(() -> read(0, 1_000));

        assertThat(fault.isPassing()).isTrue();
        assertThat(fault.kind()).isEqualTo(Fault.Kind.BROKEN);
        assertThat(fault.verdict()).isEqualTo(new Verdict.Down("stale file handle (localhost:1)", false));
    }

    @Test
    void whatCameBeforeAFailureIsKept() throws Exception {
        source.handing((file, range) -> ByteStream.of(
                range,
                new SequenceInputStream(
                        new ByteArrayInputStream(CONTENT, 0, 400), failing(new IOException("stale file handle")))));

        try (Opened opened = open(0, 1_000)) {
            byte[] first = new byte[1_000];
            assertThat(opened.read(first, 0, 1_000)).isEqualTo(400);
            assertThat(Bytes.part(first, 0, 400)).isEqualTo(Bytes.part(CONTENT, 0, 400));
        }
    }

    @Test
    void aLibraryThatGivesUpWaitingIsSilence() {
        source.handing((file, range) -> {
            throw new SocketTimeoutException("Read timed out");
        });

        assertThat(fault(() -> open(0, 1_000)).kind()).isEqualTo(Fault.Kind.SILENCE);
    }

    @Test
    void whatItSaysIsHonoured() {
        source.handing((file, range) -> {
            throw SourceException.limited(Duration.ofSeconds(7), "slow down");
        });

        Fault fault = fault(() -> open(0, 1_000));

        assertThat(fault.asked()).contains(Duration.ofSeconds(7));
        assertThat(fault.host()).isEqualTo("localhost:1");
    }

    @Test
    void aBugWhileItIsReadIsToldWithItsPlace() {
        source.handing((file, range) -> ByteStream.of(range, new InputStream() {
            @Override
            public int read() {
                throw new IllegalStateException("no such block");
            }
        }));

        Fault fault = fault(() -> read(0, 1_000));

        assertThat(fault.kind()).isEqualTo(Fault.Kind.BACK_END);
        assertThat(fault.verdict().detail())
                .startsWith("reading the stream failed: java.lang.IllegalStateException: no such block, at ")
                .contains("HandedBodyTest.java:");
        assertThat(fault).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStreamThatIsSilentForTooLongIsLeftAndClosed() {
        source.handing((file, range) -> ByteStream.of(range, silent()));

        Fault fault = fault(() -> {
            try (Opened opened = ranges.open(offer(), 0, 1_000, Duration.ofMillis(50), cut -> {})) {
                opened.read(new byte[10], 0, 10);
            }
        });

        assertThat(fault.kind()).isEqualTo(Fault.Kind.SILENCE);
        assertThat(fault.verdict().detail()).startsWith("reading the stream has not returned within 0 s, at ");
        await().untilTrue(closed);
    }

    @Test
    void aSourceThatDoesNotOpenInTimeIsSilent() {
        source.handing((file, range) -> {
            awaitNothing();
            return ByteStream.of(range, InputStream.nullInputStream());
        });

        Fault fault = fault(() -> ranges.open(offer(), 0, 1_000, Duration.ofMillis(50), cut -> {}));

        assertThat(fault.kind()).isEqualTo(Fault.Kind.SILENCE);
        assertThat(fault.isOfHost()).isTrue();
        assertThat(fault.verdict().detail()).startsWith("handing out bytes has not returned within 0 s, at ");
    }

    @Test
    void aCutReachesWhoeverReads() throws Exception {
        source.handing((file, range) -> ByteStream.of(range, silent()));
        Opened opened = open(0, 1_000);
        AtomicReference<Fault> met = new AtomicReference<>();
        Thread reader = new Thread(() -> met.set(fault(() -> opened.read(new byte[10], 0, 10))));
        reader.start();

        opened.cut();

        reader.join();
        assertThat(met.get().kind()).isEqualTo(Fault.Kind.DROPPED);
        await().untilTrue(closed);
    }

    @Test
    void aCancelReachesWhoeverReads() throws Exception {
        source.handing((file, range) -> ByteStream.of(range, silent()));
        Opened opened = open(0, 1_000);
        AtomicReference<Throwable> met = new AtomicReference<>();
        Thread reader = new Thread(() ->
                met.set(catchThrowableOfType(FetchException.Cancelled.class, () -> opened.read(new byte[10], 0, 10))));
        reader.start();

        cancellation.cancel();

        reader.join();
        assertThat(met.get()).isNotNull();
        await().untilTrue(closed);
    }

    @Test
    void aCancelReachesWhoeverWaitsForAStream() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        source.handing((file, range) -> {
            inside.countDown();
            awaitNothing();
            return ByteStream.of(range, InputStream.nullInputStream());
        });
        AtomicReference<Throwable> met = new AtomicReference<>();
        Thread asking =
                new Thread(() -> met.set(catchThrowableOfType(FetchException.Cancelled.class, () -> open(0, 1_000))));
        asking.start();
        inside.await();

        cancellation.cancel();

        asking.join();
        assertThat(met.get()).isNotNull();
    }

    @Test
    void anEmptyFileHasNothing() throws Exception {
        RepoFile empty = RepoFile.of("empty.txt", 0);
        source.handing((file, range) -> ByteStream.of(range, InputStream.nullInputStream()));
        Offer offer = new Offer(source.source(), source.manifest(empty), empty);

        try (Opened opened = ranges.open(offer, 0, 0, null, cut -> {})) {
            ranges.checkEmpty(offer, opened);
        }
    }

    @Test
    void aFileThatIsListedEmptyAndIsNotIsAnotherFile() throws Exception {
        RepoFile empty = RepoFile.of("empty.txt", 0);
        source.handing((file, range) -> ByteStream.of(range, new ByteArrayInputStream(CONTENT)));
        Offer offer = new Offer(source.source(), source.manifest(empty), empty);

        try (Opened opened = ranges.open(offer, 0, 0, null, cut -> {})) {
            assertThatThrownBy(() -> ranges.checkEmpty(offer, opened))
                    .isInstanceOf(Fault.class)
                    .hasMessageContaining("the file has bytes, the listing says none");
        }
    }

    private void hands(byte[] content, int from) {
        source.handing((file, range) -> {
            asked.add(range);
            return ByteStream.of(range, new ByteArrayInputStream(content, from, content.length - from) {
                @Override
                public void close() {
                    closed.set(true);
                }
            });
        });
    }

    /** Waits in a read, deaf to interrupts, until it is closed. */
    private InputStream silent() {
        return new InputStream() {
            private final CountDownLatch closing = new CountDownLatch(1);

            @Override
            public int read() throws IOException {
                while (closing.getCount() > 0 && never.getCount() > 0) {
                    Thread.onSpinWait();
                }
                throw new IOException("closed");
            }

            @Override
            public void close() {
                closing.countDown();
                closed.set(true);
            }
        };
    }

    private static InputStream failing(IOException failure) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }
        };
    }

    private void awaitNothing() {
        while (never.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private Offer offer() {
        return new Offer(source.source(), source.manifest(FILE), FILE);
    }

    private Opened open(int from, int to) throws Fault, InterruptedException {
        return ranges.open(offer(), from, to, null, cut -> {});
    }

    private byte[] read(int from, int to) throws Fault, InterruptedException {
        byte[] bytes = new byte[to - from];
        try (Opened opened = open(from, to)) {
            for (int count = 0; count < bytes.length; ) {
                count += opened.read(bytes, count, bytes.length - count);
            }
        }
        return bytes;
    }

    private static Fault fault(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(Fault.class, call);
    }
}

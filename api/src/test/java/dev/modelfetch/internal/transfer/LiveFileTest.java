package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.store.partial.Ranges;
import dev.modelfetch.internal.testing.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What readers get of a file while it is filled, step by step. */
@Timeout(60)
class LiveFileTest {

    private static final byte[] BYTES = Bytes.random(3 << 20, 7);
    private static final int SIZE = BYTES.length;
    private static final int FREE = SIZE - Limits.PROVED_TAIL;
    private static final RepoFile ROW = Bytes.large("model.safetensors", BYTES);

    private final ExecutorService readers = Executors.newCachedThreadPool();
    private Partial partial;

    @TempDir
    Path home;

    @BeforeEach
    void open() throws IOException {
        partial = Partial.open(home, ROW.sha256().hex(), SIZE, InstantSource.system())
                .orElseThrow();
    }

    @AfterEach
    void close() throws IOException {
        readers.shutdownNow();
        partial.close();
    }

    /** One that reads on a thread of its own. */
    private final class Reader {

        private final ByteArrayOutputStream got = new ByteArrayOutputStream();
        private final CompletableFuture<Void> end;

        Reader(LiveFile live, long position, long count) {
            end = CompletableFuture.runAsync(
                    () -> {
                        try {
                            live.send(position, count, Channels.newChannel(got));
                        } catch (IOException | InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    },
                    readers);
        }

        void awaits(int bytes) {
            Awaitility.await().until(() -> got.size() >= bytes);
            assertThat(got.size()).isEqualTo(bytes);
            assertThat(end).isNotDone();
        }
    }

    private LiveFile begun(boolean strict) {
        LiveFile live = new LiveFile(ROW, strict);
        Segments pieces = new Segments(List.of(new Ranges.Gap(0, SIZE)), System::nanoTime, live.demand());
        live.begin(partial, pieces, new FrontierHash(partial, SIZE, Digests.hasher(ROW), live::advanced));
        return live;
    }

    private void write(LiveFile live, int from, int to) throws IOException {
        partial.write(from, ByteBuffer.wrap(BYTES, from, to - from), "huggingface");
        live.advanced();
    }

    @Test
    void bytesAreReadAsTheyComeAndTheEndOnceItIsProved() throws Exception {
        LiveFile live = begun(false);
        Reader reader = new Reader(live, 0, SIZE);
        Awaitility.await().until(() -> live.readers() == 1);
        write(live, 0, 1 << 20);
        // As much stays behind as keeps the connection alive.
        reader.awaits((1 << 20) - Limits.PROVED_TAIL);
        assertThat(live.present()).isEqualTo(1 << 20);
        write(live, 1 << 20, SIZE);
        reader.awaits(FREE);

        live.verified();

        reader.end.join();
        assertThat(reader.got.toByteArray()).isEqualTo(BYTES);
        assertThat(live.readers()).isZero();
        assertThat(live.present()).isEqualTo(SIZE);
    }

    @Test
    void aRangeInTheMiddleWaitsForItsBytesAlone() throws Exception {
        LiveFile live = begun(false);
        write(live, 1_000_000, 1_500_000);

        Reader reader = new Reader(live, 1_100_000, 1_000);

        reader.end.join();
        assertThat(reader.got.toByteArray()).isEqualTo(Arrays.copyOfRange(BYTES, 1_100_000, 1_101_000));
    }

    @Test
    void strictlyNothingIsReadBeforeAllOfItIsProved() throws Exception {
        LiveFile live = begun(true);
        write(live, 0, SIZE);
        Reader reader = new Reader(live, 5, 10);
        Awaitility.await().until(() -> live.readers() == 1);
        assertThat(reader.got.size()).isZero();

        live.verified();

        reader.end.join();
        assertThat(reader.got.toByteArray()).isEqualTo(Arrays.copyOfRange(BYTES, 5, 15));
    }

    @Test
    void whoHasReadWrongBytesIsToldAndWhoHasNotGoesOn() throws Exception {
        LiveFile live = begun(false);
        write(live, 0, 1 << 20);
        Reader wronged = new Reader(live, 0, SIZE);
        wronged.awaits((1 << 20) - Limits.PROVED_TAIL);
        Reader waiting = new Reader(live, 2 << 20, 1_000);
        Awaitility.await().until(() -> live.readers() == 2);

        live.rejected(List.of(new Ranges.Range(0, 1 << 20, "huggingface")));

        assertThatThrownBy(wronged.end::join).hasCauseInstanceOf(FetchException.Corrupt.class);
        write(live, 2 << 20, SIZE);
        waiting.end.join();
        assertThat(waiting.got.toByteArray()).isEqualTo(Arrays.copyOfRange(BYTES, 2 << 20, (2 << 20) + 1_000));
    }

    @Test
    void theRestIsReadFromWhereItIsInTheEnd() throws Exception {
        LiveFile live = begun(false);
        write(live, 0, 1 << 20);
        Reader reader = new Reader(live, 0, SIZE);
        reader.awaits((1 << 20) - Limits.PROVED_TAIL);

        live.stored(Files.write(home.resolve("final"), BYTES));

        reader.end.join();
        assertThat(reader.got.toByteArray()).isEqualTo(BYTES);
    }

    @Test
    void whereNobodyDeliversReadersAreToldWhy() throws Exception {
        LiveFile live = begun(false);
        Reader reader = new Reader(live, 0, SIZE);
        Awaitility.await().until(() -> live.readers() == 1);

        live.failed(new FetchException.Unreachable("nobody has it"));

        assertThatThrownBy(reader.end::join)
                .hasCauseInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("nobody has it");
    }

    @Test
    void onlyWhoReadsMuchOfItWantsAllOfIt() throws Exception {
        LiveFile live = new LiveFile(Bytes.large("huge.bin", BYTES), false);
        assertThat(live.isWantedWhole()).isFalse();

        live.want();

        assertThat(live.isWantedWhole()).isTrue();
    }
}

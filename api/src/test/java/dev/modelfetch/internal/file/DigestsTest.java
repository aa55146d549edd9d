package dev.modelfetch.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {

    @TempDir
    Path folder;

    @Test
    void theKnownContentsHaveTheirKnownHashes() {
        assertThat(Sample.hash(new byte[0]))
                .isEqualTo(new Content(Digest.sha256(Sample.EMPTY_SHA), Digest.gitBlob(Sample.EMPTY_GIT)));
        assertThat(Sample.hash(Sample.CONFIG_BYTES))
                .isEqualTo(new Content(Digest.sha256(Sample.CONFIG_SHA), Digest.gitBlob(Sample.CONFIG_GIT)));
        assertThat(Sample.hash(Sample.WEIGHTS_BYTES).sha256()).isEqualTo(Digest.sha256(Sample.WEIGHTS_SHA));
    }

    @Test
    void thePointerOfALargeFileHasItsKnownGitId() {
        assertThat(Digests.pointerId(Digest.sha256(Sample.WEIGHTS_SHA), 15))
                .isEqualTo(Digest.gitBlob(Sample.WEIGHTS_POINTER));
    }

    @Test
    void aFileHashesAsItsBytesDoInPieces() throws IOException {
        byte[] bytes = new byte[700_001];
        new Random(3).nextBytes(bytes);
        Path file = Files.write(folder.resolve("f"), bytes);
        Hasher hasher = new Hasher(bytes.length, true);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int at = 0; at < bytes.length; at += 1000) {
            hasher.update(buffer.slice(at, Math.min(1000, bytes.length - at)));
        }

        assertThat(Digests.of(file)).isEqualTo(hasher.finish());
    }

    @Test
    void hashingStopsWhenInterruptedAndKeepsTheFlag() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[1000]);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Digests.of(file)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anUnfinishedHashIsNotGivenOut() {
        Hasher hasher = new Hasher(10, true);
        hasher.update(new byte[9], 0, 9);

        assertThat(hasher.missing()).isEqualTo(1);
        assertThatThrownBy(hasher::finish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void largeFilesAreSparedTheGitId() {
        assertThat(Digests.hasher(new RepoFile("w", 0, null, null, true))
                        .finish()
                        .gitBlob())
                .isNull();
        assertThat(Digests.hasher(new RepoFile("w", 0, null, null, false))
                        .finish()
                        .gitBlob())
                .isNotNull();
    }

    @Test
    void contentSatisfiesARowOnlyWithEveryDigestTheRowNames() {
        Content config = Sample.hash(Sample.CONFIG_BYTES);
        RepoFile both =
                new RepoFile("c", 25, Digest.sha256(Sample.CONFIG_SHA), Digest.gitBlob(Sample.EMPTY_GIT), false);

        assertThat(config.satisfies(Sample.CONFIG)).isTrue();
        assertThat(config.satisfies(both)).isFalse();
        assertThat(config.satisfies(new RepoFile("c", 25, null, null, false))).isTrue();
        assertThat(new Content(config.sha256(), null).satisfies(Sample.CONFIG)).isFalse();
    }
}

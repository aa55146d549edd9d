package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.spi.SourceException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConsistencyTest {

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] SOME = Bytes.of("something");

    static Stream<RepoFile> contradictions() {
        return Stream.of(
                empty(Bytes.sha256(SOME), null),
                empty(null, Bytes.gitBlob(SOME)),
                empty(Bytes.sha256(NOTHING), Bytes.gitBlob(SOME)));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void noBytesHaveTheDigestOfSome(RepoFile row) {
        assertThatThrownBy(() -> check(Bytes.small("README.md", SOME), row))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("the file list of modelscope contradicts itself")
                .hasMessageContaining("empty.bin has no bytes there")
                .hasCauseInstanceOf(FetchException.Corrupt.class);
    }

    static Stream<RepoFile> sound() {
        return Stream.of(
                empty(null, null),
                empty(Bytes.sha256(NOTHING), null),
                empty(null, Bytes.gitBlob(NOTHING)),
                Bytes.large("model.bin", SOME));
    }

    @ParameterizedTest
    @MethodSource("sound")
    void whatCanBeIsBelieved(RepoFile row) {
        assertThatCode(() -> check(row)).doesNotThrowAnyException();
    }

    @Test
    void aPathHasOneContent() {
        assertThatThrownBy(() -> check(Bytes.small("a", SOME), Bytes.small("b", SOME), Bytes.large("a", SOME)))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("it names a twice");
    }

    private static RepoFile empty(@Nullable Digest sha256, @Nullable Digest gitBlob) {
        return new RepoFile("empty.bin", 0, sha256, gitBlob, false);
    }

    private static void check(RepoFile... rows) throws SourceException {
        Consistency.check(FakeSource.modelscope().manifest(rows));
    }
}

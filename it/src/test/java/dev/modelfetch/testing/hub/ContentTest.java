package dev.modelfetch.testing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentTest {

    private static final long SIZE = 200_001;

    @Test
    void digestsAreThoseOfGitAndSha256() {
        Content config = Content.text("{\"model_type\": \"aurora\"}\n");

        assertThat(config.gitBlob()).isEqualTo("4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0");
        assertThat(config.sha256()).isEqualTo("adb1466ded951f54a0e5ed707f8a8355006edfbe914b66879eac760cc81480cb");
        assertThat(Content.text("").gitBlob()).isEqualTo("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    }

    @Test
    void theOidOfALargeFileIsThatOfItsPointer() {
        StoredFile large = new StoredFile("a/b.bin", Content.text("hello\n"), true);

        assertThat(large.pointer().toByteArray()).asString().isEqualTo("""
                        version https://git-lfs.github.com/spec/v1
                        oid sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03
                        size 6
                        """);
        assertThat(large.oid())
                .isEqualTo(large.pointer().gitBlob())
                .isNotEqualTo(large.content().gitBlob());
        assertThat(new StoredFile("a", Content.text("hello\n"), false).oid())
                .isEqualTo("ce013625030ba8dba906f756967f9e9ca394464a");
    }

    @ParameterizedTest
    @CsvSource({"0, 200001", "0, 1", "7, 9", "65535, 65537", "65536, 131073", "199999, 200001", "13, 13"})
    void anyPartOfGeneratedContentIsThatPartOfTheWhole(int from, int to) throws IOException {
        Content content = Content.generated(42, SIZE);

        assertThat(part(content, from, to)).isEqualTo(Arrays.copyOfRange(content.toByteArray(), from, to));
    }

    @ParameterizedTest
    @CsvSource({"0, 200001", "7, 9", "65535, 65537", "65536, 131073", "16777215, 16842755", "33554431, 33554433"})
    void anyPartOfRepeatedContentIsThatPartOfTheWhole(int from, int to) throws IOException {
        Content content = Content.repeated(42, 34_000_000);

        assertThat(part(content, from, to)).isEqualTo(Arrays.copyOfRange(content.toByteArray(), from, to));
    }

    @Test
    void repeatedContentsOfDifferentSeedsDiffer() {
        assertThat(Content.repeated(1, SIZE).sha256())
                .isNotEqualTo(Content.repeated(2, SIZE).sha256());
    }

    @Test
    void generatedContentDependsOnTheSeedOnly() {
        assertThat(Content.generated(1, SIZE).sha256())
                .isEqualTo(Content.generated(1, SIZE).sha256());
        assertThat(Content.generated(1, SIZE).sha256())
                .isNotEqualTo(Content.generated(2, SIZE).sha256());
    }

    @Test
    void twoGigabytesAreAddressedWithoutBeingHeld() throws IOException {
        Content huge = Content.generated(7, 5L << 30);

        assertThat(part(huge, (5L << 30) - 3, 5L << 30)).hasSize(3);
        assertThat(part(huge, 1L << 32, (1L << 32) + 8)).isNotEqualTo(part(huge, 0, 8));
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "2, 4", "4, 5", "5, 6", "6, 10"})
    void joinedContentsReadAsOne(int from, int to) throws IOException {
        Content joined = Content.joined(Content.text("abcde"), Content.text("fghij"));

        assertThat(part(joined, from, to)).asString().isEqualTo("abcdefghij".substring(from, to));
    }

    @Test
    void aFlippedByteIsTheOnlyDifference() throws IOException {
        Content honest = Content.generated(3, SIZE);
        byte[] expected = honest.toByteArray();
        expected[100_000] = (byte) ~expected[100_000];

        assertThat(honest.flipped(100_000).toByteArray()).isEqualTo(expected);
        assertThat(part(honest.flipped(100_000), 0, 10)).isEqualTo(part(honest, 0, 10));
        assertThat(honest.flipped(100_000).sha256()).isNotEqualTo(honest.sha256());
    }

    @Test
    void weightsAreSmallNumbers() {
        FloatBuffer floats = ByteBuffer.wrap(Content.floats(1, 5000).toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);

        assertThat(values).hasSize(5000);
        for (float value : values) {
            assertThat(value).isBetween(-0.02f, 0.02f);
        }
        assertThat(values[0]).isNotEqualTo(values[1]);
    }

    private static byte[] part(Content content, long from, long to) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.write(out, from, to);
        return out.toByteArray();
    }
}

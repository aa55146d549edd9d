package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows, and what else carries digests of files. */
class RepoFileTest {

    private static final Digest SHA = Digest.sha256("a".repeat(64));
    private static final Digest GIT = Digest.gitBlob("b".repeat(40));

    @Test
    void aRowNamesTheStrongestDigest() {
        assertThat(new RepoFile("a", 1, SHA, GIT, true).digest()).contains(SHA);
        assertThat(new RepoFile("a", 1, null, GIT, true).digest()).contains(GIT);
        assertThat(new RepoFile("a", 1, null, null, true).digest()).isEmpty();
    }

    @Test
    void aDigestOfTheOtherKindIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RepoFile("a.bin", 1, GIT, null, true))
                .withMessageContaining("a.bin")
                .withMessageContaining(GIT.toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RepoFile("a.bin", 1, null, SHA, false))
                .withMessageContaining("a.bin")
                .withMessageContaining(SHA.toString());
    }

    @Test
    void aRowWithoutAPathOrWithANegativeSizeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RepoFile("", 1, SHA, null, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new RepoFile("a", -1, SHA, null, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "gaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void whatIsNoSha256PinsAndProvesNothing(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LockFile.Pin("a.bin", 1, text))
                .withMessageContaining("a.bin");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Snapshot.Item("a.bin", 1, text, List.of(), Verification.SELF, false))
                .withMessageContaining("a.bin");
    }

    @Test
    void norDoesWhatHasNoPathOrANegativeSize() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LockFile.Pin("", 1, SHA.hex()));
        assertThatIllegalArgumentException().isThrownBy(() -> new LockFile.Pin("a", -1, SHA.hex()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Snapshot.Item("a", -1, SHA.hex(), List.of(), Verification.SELF, false));
    }
}

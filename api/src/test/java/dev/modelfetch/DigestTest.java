package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

    private static final String SHA = "0123456789abcdef".repeat(4);
    private static final String GIT = "0123456789abcdef".repeat(2) + "01234567";

    @Test
    void upperCaseDigitsAreTheSameDigest() {
        assertThat(Digest.sha256(SHA.replace('a', 'A').replace('f', 'F'))).isEqualTo(Digest.sha256(SHA));
        assertThat(Digest.sha256(SHA.replace('a', 'A')).hex()).isEqualTo(SHA);
    }

    @Test
    void theTwoAlgorithmsNeverCompareEqual() {
        assertThat(Digest.gitBlob(GIT)).isNotEqualTo(Digest.sha256(SHA));
        assertThat(Digest.sha256(SHA)).hasToString("sha256:" + SHA);
        assertThat(Digest.gitBlob(GIT)).hasToString("git:" + GIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123", "null", "********", "0123456789abcdef0123456789abcdef-10"})
    void whatHubsSendInsteadOfADigestIsNotOne(String text) {
        assertThat(Digest.isSha256(text)).isFalse();
        assertThat(Digest.isGitId(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.sha256(text));
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.gitBlob(text));
    }

    @Test
    void theLengthDecidesWhichKindItMayBe() {
        assertThat(Digest.isSha256(SHA)).isTrue();
        assertThat(Digest.isSha256(GIT)).isFalse();
        assertThat(Digest.isGitId(GIT)).isTrue();
        assertThat(Digest.isGitId(SHA)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.sha256(GIT));
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.gitBlob(SHA));
    }

    @Test
    void aLetterBeyondFSpoilsIt() {
        assertThat(Digest.isSha256("g" + SHA.substring(1))).isFalse();
        assertThat(Digest.isGitId(" " + GIT.substring(1))).isFalse();
    }

    @Test
    void aRowPrefersTheStrongerDigest() {
        Digest sha = Digest.sha256(SHA);
        Digest git = Digest.gitBlob(GIT);

        assertThat(new RepoFile("a", 1, sha, git, true).digest()).contains(sha);
        assertThat(new RepoFile("a", 1, null, git, false).digest()).contains(git);
        assertThat(new RepoFile("a", 1, null, null, false).digest()).isEmpty();
    }

    @Test
    void aRowWithoutPathOrWithNegativeSizeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RepoFile("", 1, null, null, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new RepoFile("a", -1, null, null, false));
    }
}

package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Verdict;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {

    private static final HttpUrl URL = HttpUrl.get("https://cdn.test/blob?sig=1");
    private static final Verdict ANY = new Verdict.Down("words for people", true);

    @ParameterizedTest
    @CsvSource({
        "ABSENT,          false, false, false, false",
        "REFUSED,         false, false, true,  false",
        "ANOTHER_FILE,    false, false, false, false",
        "WRONG_LENGTH,    false, false, false, true",
        "BACK_END,        false, false, false, false",
        "LINK_FORBIDDEN,  true,  true, true,  false",
        "LINK_REFUSED,    true,  true, false, false",
        "LIMITED,         true,  true, true,  true",
        "CROWDED,         true,  true, true,  true",
        "NONSENSE,        false, false, false, false",
        "DROPPED,         true,  false, false, false",
        "SILENCE,         true,  true, true,  false",
        "BROKEN,          true,  true, true,  false",
        "TROUBLE,         true,  true, false, false",
        "CRAWL,           true,  true, false, true",
        "UNPLACED,        true,  false, false, true"
    })
    void whatFollowsIsDecidedByTheKind(
            Fault.Kind kind, boolean passing, boolean ofHost, boolean pushBack, boolean yields) {
        Fault fault = Fault.of(kind, ANY, URL);

        assertThat(fault.isPassing()).isEqualTo(passing);
        assertThat(fault.isOfHost()).isEqualTo(ofHost);
        assertThat(fault.mayBePushBack()).isEqualTo(pushBack);
        assertThat(fault.yields()).isEqualTo(yields);
    }

    @Test
    void whatASourceSaysHasItsKind() {
        assertThat(Fault.of(new Verdict.NotHere(Verdict.What.FILE, "gone"), URL).kind())
                .isEqualTo(Fault.Kind.ABSENT);
        assertThat(Fault.of(new Verdict.NeedsAuth("gated"), URL).kind()).isEqualTo(Fault.Kind.REFUSED);
        assertThat(Fault.of(new Verdict.Limited(Duration.ofSeconds(1), "slow down"), URL))
                .satisfies(limited -> assertThat(limited.kind()).isEqualTo(Fault.Kind.LIMITED))
                .satisfies(limited -> assertThat(limited.asked()).contains(Duration.ofSeconds(1)));
        assertThat(Fault.of(new Verdict.Down("HTTP 403 upstream", true), URL).kind())
                .isEqualTo(Fault.Kind.TROUBLE);
        assertThat(Fault.of(new Verdict.Down("reset", false), URL).kind()).isEqualTo(Fault.Kind.BROKEN);
    }

    @Test
    void silenceIsToldFromABrokenConnection() {
        assertThat(Fault.of(new SocketTimeoutException("timeout"), URL).kind()).isEqualTo(Fault.Kind.SILENCE);
        assertThat(Fault.of(new IOException("Connection reset"), URL).kind()).isEqualTo(Fault.Kind.BROKEN);
        assertThat(Fault.of(new IOException("Connection reset"), URL)).hasMessage("connection reset (cdn.test)");
    }
}

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
        "ABSENT,          false, false, false",
        "REFUSED,         false, true,  false",
        "ANOTHER_FILE,    false, false, false",
        "BACK_END,        false, false, false",
        "LINK_FORBIDDEN,  true,  true,  false",
        "LINK_REFUSED,    true,  false, false",
        "LIMITED,         true,  true,  true",
        "CROWDED,         true,  true,  true",
        "NONSENSE,        false, false, false",
        "DROPPED,         true,  false, false",
        "SILENCE,         true,  true,  false",
        "BROKEN,          true,  true,  false",
        "TROUBLE,         true,  false, false",
        "CRAWL,           true,  false, true",
        "UNPLACED,        true,  false, true"
    })
    void whatFollowsIsDecidedByTheKind(Fault.Kind kind, boolean passing, boolean pushBack, boolean yields) {
        Fault fault = Fault.of(kind, ANY, URL);

        assertThat(fault.isPassing()).isEqualTo(passing);
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

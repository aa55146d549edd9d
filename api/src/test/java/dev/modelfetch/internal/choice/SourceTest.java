package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Verdict;
import dev.modelfetch.internal.testing.FakeSource;
import org.junit.jupiter.api.Test;

class SourceTest {

    private static final Verdict BAD = new Verdict.NeedsAuth("not valid", Verdict.Missing.VALID_TOKEN);

    @Test
    void aTokenThatDoesNotDoIsCalledByThePlaceItCameFrom() {
        Source source = withToken("HF_TOKEN");

        assertThat(source.told(BAD).detail()).isEqualTo("not valid (HF_TOKEN)");
        assertThat(source.told(new Verdict.NeedsAuth("gated")).detail()).isEqualTo("gated (HF_TOKEN)");
        assertThat(source.told(new Verdict.NeedsAuth("asks for a token", Verdict.Missing.TOKEN))
                        .detail())
                .isEqualTo("asks for a token");
    }

    @Test
    void aSourceWithoutATokenHasNothingToAdd() {
        assertThat(withToken(null).told(BAD)).isEqualTo(BAD);
    }

    private static Source withToken(String from) {
        Source hub = FakeSource.huggingface().source();
        return new Source(
                hub.backend(),
                hub.profile(),
                hub.names(),
                hub.data(),
                hub.small(),
                hub.line(),
                from,
                hub.permits(),
                hub.threads(),
                hub.history());
    }
}

package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenInPlayTest {

    @Test
    void whereATokenKeepsOthersOutTheErrorSaysSoAndHowToGoOn() {
        FakeSource origin = FakeSource.huggingface().refusing(new Verdict.Down("connect timed out", false));
        FakeSource mirror = FakeSource.mirror();
        FetchRequest request = FetchRequest.builder(FakeSource.REPO).build();
        Events events = new Events(FetchListener.SILENT, InstantSource.system());
        Choice choice = new Choice(
                request,
                List.of(origin.source("secret"), mirror.source()),
                Runnable::run,
                events,
                Limits.RACE,
                Patiences.none(),
                System.nanoTime());

        FetchException error = catchThrowableOfType(FetchException.class, choice::next);

        assertThat(error).isInstanceOf(FetchException.Unreachable.class);
        assertThat(error)
                .hasMessageContaining("connect timed out")
                .hasMessageContaining("Not asked")
                .hasMessageContaining("mirror");
        assertThat(error.hint()).contains("allow one source yourself");
        assertThat(error.hints().get(0).values()).containsExactly("mirror");
        assertThat(mirror.asked()).isZero();
    }
}

package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of who sends a file, whichever of its connections is the quicker. */
class OnlySenderTest extends FailoverBench {

    private final Recorder recorder = new Recorder();

    private final Run run = Run.within(new Cancellation(), recorder.events(), Patiences.none());

    private final Failover fromMirror = failover(mirror);

    private final Failover fromOrigin = failover(origin);

    private final OnlySender sender = new OnlySender(run, FILE, fromMirror);

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void whoSendsWhileTheFirstIsAskedAgainInVainIsTheOnlyOne() throws InterruptedException {
        Place broken = asked(fromMirror);
        Place again = asked(fromMirror);
        sender.brought(broken);
        fail(broken);
        Place next = asked(fromOrigin);

        sender.brought(next);
        sender.brought(next);

        assertThat(again).isNotSameAs(broken);
        assertThat(told()).containsExactly("mirror huggingface connection reset");
    }

    @Test
    void whoWasAskedFirstIsReplacedThoughItsBytesCameAfterTheOthers() throws InterruptedException {
        Place first = asked(fromMirror);
        Place second = asked(fromOrigin);
        sender.brought(second);
        sender.brought(first);
        fail(first);

        sender.brought(second);

        assertThat(told()).containsExactly("mirror huggingface connection reset");
    }

    @Test
    void nobodyIsReplacedWhileItSendsByAnotherConnection() throws InterruptedException {
        Place first = asked(fromMirror);
        Place refused = asked(fromMirror);
        sender.brought(first);
        fail(refused);

        sender.brought(asked(fromOrigin));

        assertThat(told()).isEmpty();
    }

    @Test
    void whoHasNotSentYetIsNotReplacedByTheQuicker() throws InterruptedException {
        asked(fromMirror);

        sender.brought(asked(fromOrigin));

        assertThat(told()).isEmpty();
    }

    @Test
    void whoIsBackIsTold() throws InterruptedException {
        fail(asked(fromMirror));
        Place other = asked(fromOrigin);
        sender.brought(other);
        sender.end(other);

        sender.brought(asked(fromMirror));

        assertThat(told()).containsExactly("mirror huggingface connection reset", "huggingface mirror quicker");
    }

    private Place asked(Failover failover) throws InterruptedException {
        Place place = enter(failover);
        sender.begin(place);
        return place;
    }

    private void fail(Place place) {
        var unused = fromMirror.failed(place, Fault.of(RESET, MIRROR));
        sender.failed(place);
        sender.end(place);
    }

    private List<String> told() {
        return recorder.all(FetchEvent.SourceSwitched.class).stream()
                .map(event -> event.from() + " " + event.to() + " " + event.reason())
                .toList();
    }
}

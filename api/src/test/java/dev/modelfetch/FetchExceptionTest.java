package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FetchExceptionTest {

    static Stream<Arguments> kinds() {
        return Stream.of(
                arguments(new FetchException.Usage("m", "h"), 2, "usage", false),
                arguments(new FetchException.NotFound("m", "h"), 3, "not-found", false),
                arguments(new FetchException.AccessDenied("m", "h"), 4, "access-denied", false),
                arguments(new FetchException.Unreachable("m", "h"), 5, "unreachable", true),
                arguments(new FetchException.Corrupt("m", "h"), 6, "corrupt", false),
                arguments(new FetchException.Storage("m", "h"), 7, "storage", false),
                arguments(new FetchException.NotStored("m", "h"), 8, "not-stored", false),
                arguments(new FetchException.TimedOut("m", "h"), 5, "timed-out", true),
                arguments(new FetchException.Cancelled(), 130, "interrupted", true),
                arguments(new FetchException.Internal(new IllegalStateException("m")), 1, "unexpected", false));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindHasItsExitCodeAndWord(FetchException e, int code, String kind, boolean retryable) {
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.kind()).isEqualTo(kind);
        assertThat(e.retryable()).isEqualTo(retryable);
        assertThat(e.getMessage()).isNotBlank();
        assertThat(e.hint()).isNotBlank();
        assertThat(e.probes()).isEmpty();
    }

    @Test
    void noKindIsForgottenAbove() {
        List<Class<?>> tested = kinds().<Class<?>>map(arguments -> arguments.get()[0].getClass())
                .toList();

        assertThat(tested).containsExactlyInAnyOrder(FetchException.class.getPermittedSubclasses());
    }

    @Test
    void theCauseIsKept() {
        IOException cause = new IOException("disk full");

        assertThat(new FetchException.Storage("m", "h", cause)).hasCause(cause);
        assertThat(new FetchException.Usage("m", "h", cause)).hasCause(cause);
    }

    @Test
    void whatTheSourcesSaidIsAttachedAsACopy() {
        Probe probe =
                new Probe("mirror", "https://mirror.test", "direct", new Verdict.Down("connection reset", false), 12);
        List<Probe> said = new ArrayList<>(List.of(probe));
        FetchException e = new FetchException.Unreachable("m", "h").withProbes(said);
        said.clear();

        assertThat(e.probes()).containsExactly(probe);
    }

    @Test
    void onlyLimitsAndOutagesOfASourceMayPass() {
        assertThat(Stream.of(
                                new Verdict.Usable("c"),
                                new Verdict.Alias("https://hub.test"),
                                new Verdict.NotHere(Verdict.What.REVISION, "d"),
                                new Verdict.NeedsAuth("d"),
                                new Verdict.Blocked("d"),
                                new Verdict.Limited(Duration.ofSeconds(1), "d"),
                                new Verdict.Down("d", true))
                        .filter(Verdict::retryable)
                        .map(verdict -> verdict.kind().word()))
                .containsExactly("limited", "down");
        assertThat(Verdict.Kind.NOT_HERE.word()).isEqualTo("not-here");
    }

    @Test
    void afterATravelOverAWireItStillHasItsText() throws Exception {
        FetchException sent = new FetchException.Unreachable("nobody answers.", Hint.of("wait", "Wait.", "x"))
                .withProbes(List.of(new Probe("mirror", "https://m.test", "direct", new Verdict.Usable(""), 1)))
                .withOrigin(new Origin("mirror", "m.test", Optional.empty()));
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(wire)) {
            out.writeObject(sent);
        }

        FetchException received;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(wire.toByteArray()))) {
            received = (FetchException) in.readObject();
        }

        assertThat(received).isInstanceOf(FetchException.Unreachable.class).hasMessage("nobody answers.");
        assertThat(received.hint()).isEqualTo("Wait.");
        assertThat(received.hints()).extracting(Hint::text).containsExactly("Wait.");
        assertThat(received.retryable()).isTrue();
        assertThat(received.probes()).isEmpty();
        assertThat(received.origin()).isEmpty();
    }
}

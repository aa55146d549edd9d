package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExitTest {

    static Stream<FetchException> failures() {
        return Stream.of(
                new FetchException.Usage("m", "h"),
                new FetchException.NotFound("m", "h"),
                new FetchException.AccessDenied("m", "h"),
                new FetchException.Unreachable("m", "h"),
                new FetchException.Corrupt("m", "h"),
                new FetchException.Storage("m", "h"),
                new FetchException.NotStored("m", "h"),
                new FetchException.Cancelled());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureKeepsItsCodeAndCanBeSaidInBothLanguages(FetchException failure) {
        Exit exit = Exit.of(new ExecutionException(new CompletionException(failure)));

        assertThat(exit.code()).isEqualTo(failure.code());
        assertThat(exit.kind()).isEqualTo(failure.kind());
        for (Messages messages : List.of(Messages.english(), Messages.chinese())) {
            assertThat(exit.lines(messages)).hasSize(2);
        }
    }

    @Test
    void cancellationIsAnInterruption() {
        assertThat(Exit.of(new CancellationException()).code()).isEqualTo(130);
        assertThat(Exit.of(new InterruptedException()).code()).isEqualTo(130);
    }

    @Test
    void anythingElseIsABugWithItsNameAndMessage() {
        Exit exit = Exit.of(new CompletionException(new IllegalStateException("no such lane")));

        assertThat(exit.code()).isEqualTo(1);
        assertThat(exit.message()).isEqualTo("IllegalStateException: no such lane");
        assertThat(exit.hint()).contains("-v");
    }

    @Test
    void aTranslatedHintStandsInAChineseFrameAroundAnEnglishMessage() {
        List<String> lines = Exit.of(new FetchException.NotFound("No lab/tiny at mirror.", "Check the id."))
                .lines(Messages.chinese())
                .stream()
                .map(Line::text)
                .toList();

        assertThat(lines).containsExactly("未找到：No lab/tiny at mirror.", "  请检查仓库名。");
    }
}

package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

    @Test
    void theSentenceHasItsValues() {
        Message message = Message.of("no-room", "No room: {0} to fetch under {1}.", "2 GB", Path.of("/hub"));

        assertThat(message.text()).isEqualTo("No room: 2 GB to fetch under /hub.");
        assertThat(message.values()).containsExactly(new Phrase.Text("2 GB"), new Phrase.Text("/hub"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{0}", "{1}", "$1", "a\\b", "{", "it's"})
    void aValueThatLooksLikeAPlaceStaysAsItIs(String odd) {
        assertThat(Message.of("odd", "{0}, {1} and {2}", odd, "b").text()).isEqualTo(odd + ", b and {2}");
        assertThat(Message.plain(odd).text()).isEqualTo(odd);
    }

    @Test
    void aValueMayBeSeveralAndMayHaveValues() {
        Phrase causes = Phrase.Series.of(List.of(
                Message.of("cause", "{0}: {1}", "mirror", new Phrase.Clause("connection refused")),
                Message.of("cause", "{0}: {1}", "modelscope", new Phrase.Clause("no answer"))));

        assertThat(Message.of("not-downloaded", "{0} could not be downloaded: {1}.", "lab/tiny", causes)
                        .text())
                .isEqualTo("lab/tiny could not be downloaded: mirror: connection refused; modelscope: no answer.");
    }

    @Test
    void sentencesFollowInOrder() {
        Message all = Message.of("a", "A.")
                .then(Message.of("b", "B.").then(Message.of("c", "C.")))
                .then(Message.plain("D."));

        assertThat(all.text()).isEqualTo("A. B. C. D.");
        assertThat(all.code()).isEqualTo("a");
        assertThat(all.more()).extracting(Message::code).containsExactly("b", "c", "");
    }

    @Test
    void whatAFileSystemSaysHasNoPathInIt() {
        assertThat(said(new NoSuchFileException("/a/b"))).isEqualTo("it does not exist");
        assertThat(said(new AccessDeniedException("/a/b"))).isEqualTo("no permission");
        assertThat(said(new FileSystemException("/a/b", null, "Is a directory")))
                .isEqualTo("Is a directory");
        assertThat(said(new MalformedInputException(1))).isEqualTo("it is not in UTF-8");
        assertThat(said(new IOException("Input/output error"))).isEqualTo("Input/output error");
        assertThat(said(new IOException())).isEqualTo("IOException");
    }

    private static String said(IOException failure) {
        return Phrase.Clause.of(failure).text();
    }

    @Test
    void afterATravelTheTextIsThere() throws Exception {
        FetchException sent = new FetchException.Storage(
                Message.of("no-room", "No room under {0}.", "/hub"), Hint.plain("Make some."));
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(wire)) {
            out.writeObject(sent);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(wire.toByteArray()))) {
            FetchException got = (FetchException) in.readObject();

            assertThat(sent.message().code()).isEqualTo("no-room");
            assertThat(got).hasMessage("No room under /hub.");
            assertThat(got.message()).isEqualTo(Message.plain("No room under /hub."));
        }
    }
}

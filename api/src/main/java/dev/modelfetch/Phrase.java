package dev.modelfetch;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Collectors;

/** What may stand at a place of a {@link Message}. Immutable. */
public sealed interface Phrase permits Phrase.Text, Phrase.Clause, Phrase.Series, Message {

    /** In English. */
    String text();

    /** A name, a path, a number: the same in every language. */
    record Text(String text) implements Phrase {}

    /** English words without a code, as verdicts and operating systems have them; a program may know them all the same. */
    record Clause(String text) implements Phrase {

        /** What a file system has answered, without the path that its words begin with. */
        public static Clause of(IOException failure) {
            if (failure instanceof NoSuchFileException) {
                return new Clause("it does not exist");
            }
            if (failure instanceof AccessDeniedException) {
                return new Clause("no permission");
            }
            if (failure instanceof CharacterCodingException) {
                return new Clause("it is not in UTF-8");
            }
            String reason = failure instanceof FileSystemException named ? named.getReason() : null;
            String said = reason == null ? failure.getMessage() : reason;
            return new Clause(said == null ? failure.getClass().getSimpleName() : said);
        }
    }

    /** Several of a kind. */
    record Series(List<Phrase> parts) implements Phrase {

        public Series {
            parts = List.copyOf(parts);
        }

        public static Series of(List<? extends Phrase> parts) {
            return new Series(List.copyOf(parts));
        }

        @Override
        public String text() {
            return parts.stream().map(Phrase::text).collect(Collectors.joining("; "));
        }
    }
}

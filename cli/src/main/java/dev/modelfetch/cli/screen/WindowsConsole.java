package dev.modelfetch.cli.screen;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is different about a console of Windows. */
final class WindowsConsole {

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final long ANSWER_MILLIS = 2000;

    /** The buffer of an old console has thousands of rows, of which a window shows some. */
    private static final int MOST_ROWS = 200;

    private WindowsConsole() {}

    static boolean isHere() {
        return System.getProperty("os.name", "").startsWith("Windows");
    }

    /**
     * Its size. The command interpreter, which it takes to ask, leaves behind a console that understands cursor movement and
     * colours: a process cannot ask for that from Java.
     */
    static Optional<Size> size() {
        // Neither stream of ours may be a console; CON always is.
        return Window.answer(
                        new ProcessBuilder("cmd", "/d", "/c", "mode con")
                                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                                .redirectError(ProcessBuilder.Redirect.INHERIT),
                        ANSWER_MILLIS)
                .flatMap(WindowsConsole::parse);
    }

    /** The first two numbers of {@code mode con} in any language: rows, then columns. */
    static Optional<Size> parse(String text) {
        List<Integer> numbers = NUMBER.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(number -> number.length() < 6)
                .map(Integer::valueOf)
                .limit(2)
                .toList();
        if (numbers.size() < 2 || numbers.get(0) < 1 || numbers.get(1) < 1) {
            return Optional.empty();
        }
        int rows = numbers.get(0);
        return Optional.of(new Size(numbers.get(1), rows > MOST_ROWS ? Console.DEFAULT_SIZE.rows() : rows));
    }

    /**
     * The code page of a stream, in which the console shows what it is sent; UTF-8 for everybody else who reads it. Newer
     * versions of Java tell it under another name than older ones.
     */
    static Charset charset(boolean console, @Nullable String told, @Nullable String toldFormerly) {
        String name = told != null ? told : toldFormerly;
        try {
            return console && name != null ? Charset.forName(name) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }
}

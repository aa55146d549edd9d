package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the process was given: three streams, perhaps a terminal, the environment. Nothing else in the program touches
 * them. Results go to stdout, everything else to stderr.
 */
public final class Console {

    static final Size DEFAULT_SIZE = new Size(80, 24);

    private final ResultStream results;
    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;
    private final Map<String, String> environment;
    private final Terminals terminals;
    private final Window window;
    private final Echo echo;
    private volatile boolean asking;

    Console(
            OutputStream out,
            Charset charset,
            PrintStream err,
            InputStream in,
            Map<String, String> environment,
            Terminals terminals,
            Window window,
            Echo echo) {
        this.results = new ResultStream(out);
        this.out = new PrintStream(results, true, charset);
        this.err = err;
        this.in = in;
        this.environment = Map.copyOf(environment);
        this.terminals = terminals;
        this.window = window;
        this.echo = echo;
    }

    /** The real one. */
    public static Console ofProcess() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        // The launcher may have had to change the locale variables for the JVM's sake; this is what they were.
        String language = System.getProperty("modelfetch.language");
        if (language != null) {
            environment.put("LC_ALL", language);
        }
        Terminals terminals = Terminals.ofProcess();
        boolean windows = WindowsConsole.isHere();
        if (windows) {
            Locale shown = Locale.getDefault(Locale.Category.DISPLAY);
            environment = language(environment, shown.getLanguage(), shown.getCountry());
        }
        Charset out = windows ? windowsCharset(environment, terminals.out(), "stdout") : charset(environment);
        Charset err = windows ? windowsCharset(environment, terminals.err(), "stderr") : out;
        Supplier<Optional<Size>> ask = windows ? WindowsConsole::size : Window::stty;
        Window window = window(System.getProperty("modelfetch.columns"), environment.get("COLUMNS"), ask);
        if (windows && terminals.err()) {
            window.changed();
        }
        return new Console(
                new FileOutputStream(FileDescriptor.out),
                out,
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, err),
                System.in,
                environment,
                terminals,
                window,
                Echo.ofTerminal());
    }

    /** The variables, with the language that the system shows its own windows in where none of them names one. */
    static Map<String, String> language(Map<String, String> environment, String language, String country) {
        Map<String, String> all = new HashMap<>(environment);
        if (Messages.localeText(environment, "LC_MESSAGES").isEmpty()) {
            all.put("LANG", language + "_" + country);
        }
        return all;
    }

    /** A locale that names a coding is that of a Unix terminal on Windows. */
    private static Charset windowsCharset(Map<String, String> environment, boolean terminal, String stream) {
        return Messages.localeText(environment, "LC_CTYPE").contains(".")
                ? charset(environment)
                : WindowsConsole.charset(
                        terminal,
                        System.getProperty(stream + ".encoding"),
                        System.getProperty("sun." + stream + ".encoding"));
    }

    public Map<String, String> environment() {
        return environment;
    }

    /** Whether stderr is a terminal that understands cursor movement. */
    public boolean terminal() {
        return terminals.err() && !"dumb".equals(environment.get("TERM"));
    }

    /** Whether a question would be seen, and a person could answer it. */
    public boolean canAsk() {
        return terminals.in() && terminals.err();
    }

    /** Asks something that only {@code y} and {@code yes} agree to; the question is what the program itself composed. */
    public boolean ask(String question) {
        String answer = answer(question);
        return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
    }

    private String answer(String question) {
        asking = true;
        draw(question + " ");
        String answer = readLine();
        asking = false;
        return answer;
    }

    /**
     * Asks for something that nobody is to see. Where no person can be asked, it is read from standard input.
     *
     * @throws FetchException.Usage if what is typed could be seen
     */
    public String readSecret(String question) {
        if (!canAsk()) {
            return readLine();
        }
        if (!echo.off()) {
            throw new FetchException.Usage(
                    "What is typed here could be seen.", "Give the token with --token - on standard input.");
        }
        try {
            return answer(question);
        } finally {
            echo.on();
            draw("\n");
        }
    }

    /** Nobody waits for an answer any more: what comes next begins a line. */
    public void leaveQuestion() {
        if (asking) {
            asking = false;
            draw("\n");
        }
    }

    /** Width of that terminal in cells. */
    public int columns() {
        return size().columns();
    }

    /** How wide a line of the result may be; as wide as it likes where no person reads it from a screen. */
    public int resultColumns() {
        return terminals.out() ? columns() : Integer.MAX_VALUE;
    }

    Size size() {
        return window.size();
    }

    /** From now on {@link #size()} is that of the moment. */
    void followSize() {
        if (terminals.err()) {
            window.follow();
        }
    }

    public boolean colour() {
        return terminal() && environment.getOrDefault("NO_COLOR", "").isEmpty() && window.prepared();
    }

    /** A line of the result, as it is. */
    public void result(String line) {
        out.println(line);
        out.flush();
    }

    /** Why a result did not arrive, if it did not. */
    public Optional<Exit> loss() {
        return results.loss()
                .map(e -> Exit.of(new FetchException.Storage(
                        Message.of(
                                "result-lost",
                                "The result cannot be written to standard output: {0}.",
                                Phrase.Clause.of(e)),
                        Hint.plain("Free some space, or send the output elsewhere."),
                        e)));
    }

    /** A line for the person. Control characters, which a hub could put into a file name, do not get through. */
    public void say(Line line) {
        String text = Cells.plain(line.text());
        err.println(colour() ? line.ink().on(text) : text);
        err.flush();
    }

    /** Characters for the terminal, as they are: only for what the program itself composed. */
    public void draw(String text) {
        err.print(text);
        err.flush();
    }

    public void trace(Throwable failure) {
        failure.printStackTrace(err);
        err.flush();
    }

    /** The first line of standard input, without the line end. */
    public String readLine() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                line.write(b);
            }
        } catch (IOException e) {
            return "";
        }
        byte[] bytes = line.toByteArray();
        // As PowerShell pipes it.
        boolean wide = bytes.length > 1 && (bytes[0] & 0xff) + (bytes[1] & 0xff) == 0xff + 0xfe;
        String text = wide
                ? new String(bytes, 0, bytes.length & ~1, StandardCharsets.UTF_16)
                : new String(bytes, StandardCharsets.UTF_8);
        return text.replace("\uFEFF", "").strip();
    }

    /** Who sets COLUMNS wants that width, whatever the terminal says. */
    static Window window(@Nullable String launcher, @Nullable String environment, Supplier<Optional<Size>> ask) {
        int fixed = columns(environment);
        if (fixed > 0) {
            return Window.fixed(new Size(fixed, DEFAULT_SIZE.rows()));
        }
        int told = columns(launcher);
        return new Window(told > 0 ? new Size(told, DEFAULT_SIZE.rows()) : DEFAULT_SIZE, ask);
    }

    private static int columns(@Nullable String told) {
        return told != null && told.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(told) : 0;
    }

    /** UTF-8 unless the locale names another coding; under {@code LANG=C} Java alone would print question marks. */
    static Charset charset(Map<String, String> environment) {
        String locale = Messages.localeText(environment, "LC_CTYPE");
        int dot = locale.indexOf('.');
        String name = dot < 0 ? "" : locale.substring(dot + 1).replaceFirst("@.*", "");
        try {
            return name.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }
}

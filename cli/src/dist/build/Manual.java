import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes {@code fetch.1}: what the help of each command says, as a page of the manual. Run as a source file by the build. */
final class Manual {

    private static final List<String> COMMANDS = List.of(
            "",
            "probe",
            "ls",
            "verify",
            "cache",
            "cache ls",
            "cache rm",
            "cache prune",
            "cache verify",
            "aliases",
            "login",
            "logout",
            "whoami",
            "serve",
            "doctor",
            "completion");

    /** Version, date, the program, folder to write to. */
    public static void main(String[] words) throws IOException, InterruptedException {
        StringBuilder page = new StringBuilder();
        page.append(".TH FETCH 1 " + words[1].substring(0, 10) + " \"Modelfetch " + words[0] + "\"\n");
        page.append(".SH NAME\nfetch \\- get an AI model or dataset from whichever hub answers first, verified\n");
        for (String command : COMMANDS) {
            page.append(".SH " + ("fetch " + command).strip().toUpperCase(java.util.Locale.ROOT) + "\n.nf\n");
            help(Path.of(words[2]), command).lines().forEach(line -> page.append(plain(line)).append('\n'));
            page.append(".fi\n");
        }
        Files.createDirectories(Path.of(words[3]));
        Files.writeString(Path.of(words[3]).resolve("fetch.1"), page);
    }

    private static String help(Path jar, String command) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder program = new ProcessBuilder(
                java.toString(), "-Dmodelfetch.language=C", "-Dmodelfetch.tty=0", "-jar", jar.toString(), "help");
        if (!command.isEmpty()) {
            program.command().addAll(List.of(command.split(" ")));
        }
        program.environment().put("COLUMNS", "78");
        program.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process running = program.start();
        String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (running.waitFor() != 0) {
            throw new IllegalStateException("fetch help " + command + " ended with " + running.exitValue());
        }
        return text;
    }

    /** A line as it is, although it may begin or be filled with what the formatter takes for its own. */
    private static String plain(String line) {
        return "\\&" + line.replace("\\", "\\e").replace("-", "\\-");
    }
}

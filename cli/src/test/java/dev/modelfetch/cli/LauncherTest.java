package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code fetch} with a java and a mvn that only write down how they were called. */
class LauncherTest {

    private record Ended(int code, String out, String err) {}

    @TempDir
    Path temp;

    private Path script;
    private Path home;
    private Path tools;
    private Path javaHome;

    @BeforeEach
    void install() throws IOException {
        Path source = Path.of("..", "fetch");
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.isRegularFile(source), "needs a POSIX checkout");
        home = Files.createDirectories(temp.resolve("a b/模型"));
        script = executable(home.resolve("fetch"), Files.readString(source));
        tools = Files.createDirectories(temp.resolve("tools"));
        javaHome = jdk("17.0.9");
        Files.writeString(home.resolve("modelfetch.jar"), "jar");
    }

    @Test
    void argumentsReachTheProgramUnchangedFromAnyFolderWithSpaces() throws Exception {
        Ended ended = run(Map.of(), "lab/tiny", "--include", "* .json", "");

        assertThat(ended.code()).isEqualTo(7);
        assertThat(ended.out().lines()).endsWith("dev.modelfetch.cli.Main", "lab/tiny", "--include", "* .json", "");
        assertThat(ended.out().lines())
                .contains("-cp", home.toRealPath().resolve("modelfetch.jar").toString());
        assertThat(ended.out().lines()).contains("-Dmodelfetch.stdin=0", "-Dmodelfetch.stdout=0", "-Dmodelfetch.tty=0");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void aLinkToTheScriptFindsTheJarBesideTheScript() throws Exception {
        Path link = Files.createSymbolicLink(tools.resolve("link"), script);
        script = link;

        assertThat(run(Map.of()).out())
                .contains(home.toRealPath().resolve("modelfetch.jar").toString());
    }

    @Test
    void anArchiveBringsAJavaOfItsOwn() throws Exception {
        Path archive = Files.createDirectories(temp.resolve("un packed"));
        script = executable(Files.createDirectories(archive.resolve("bin")).resolve("fetch"), Files.readString(script));
        Files.createDirectories(archive.resolve("lib"));
        Files.writeString(archive.resolve("lib/modelfetch.jar"), "jar");
        Files.move(jdk("25.0.2"), archive.resolve("lib/runtime"));
        javaHome = jdk("1.8.0_392");

        Ended ended = run(Map.of());

        assertThat(ended.out().lines())
                .contains(
                        "-cp",
                        archive.toRealPath().resolve("lib/modelfetch.jar").toString());
    }

    @Test
    void aJavaThatSomebodyNamesComesBeforeAllOthersAndIsNotReplaced() throws Exception {
        Path named = jdk("21.0.1");
        executable(named.resolve("bin/java"), "#!/bin/sh\necho named\n");
        assertThat(run(Map.of("MODELFETCH_JAVA", named.toString())).out()).isEqualTo("named\n");
        assertThat(run(Map.of("MODELFETCH_JAVA", named + "/bin/java")).out()).isEqualTo("named\n");

        Ended gone = run(Map.of("MODELFETCH_JAVA", "/nowhere"));

        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.err()).contains("There is none at MODELFETCH_JAVA=/nowhere.");
    }

    @Test
    void theJavaOfAPackageComesBehindTheOneOfThePerson() throws Exception {
        Path runtime = jdk("25.0.2");
        executable(runtime.resolve("bin/java"), "#!/bin/sh\necho brought\n");
        Map<String, String> brought = Map.of("MODELFETCH_RUNTIME", runtime.toString());

        assertThat(run(brought).out()).isNotEqualTo("brought\n");
        javaHome = jdk("1.8.0_392");
        assertThat(run(brought).out()).isEqualTo("brought\n");
    }

    @Test
    void theFlagsAreThoseOfTheLaunchersForWindows() throws Exception {
        assertThat(run(Map.of()).out().lines())
                .containsAll(Files.readAllLines(Path.of("src/dist/windows/jvm.args")).stream()
                        .filter(flag -> !flag.startsWith("-Xshare"))
                        .toList());
    }

    @Test
    void aJvmThatCannotStartSaysSoOnStderr() throws Exception {
        Ended ended = run(Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_TOOL_OPTIONS", "-Xms999m -Xmx1m"));

        assertThat(ended.code()).isNotZero();
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("heap");
    }

    @Test
    void anOldJavaIsNamedTogetherWithWhatToDo() throws Exception {
        javaHome = jdk("1.8.0_392");

        Ended ended = run(Map.of("PATH", onlyTheseTools()));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("Java 17 or newer is needed", "version 1.8.0_392", "JAVA_HOME");
    }

    @Test
    void withoutAnyJavaTheReasonIsOneSentence() throws Exception {
        Ended ended = run(Map.of("PATH", onlyTheseTools(), "JAVA_HOME", "/nowhere"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines()).singleElement().asString().contains("None was found.");
    }

    @Test
    void theLanguageOfThePersonIsHandedOnWhateverTheJvmThinksOfTheLocale() throws Exception {
        Ended ended = run(Map.of("LANG", "zh_CN.UTF-8"));

        assertThat(ended.out().lines()).contains("-Dmodelfetch.language=zh_CN.UTF-8");
    }

    @Test
    void aCheckoutIsBuiltWhenTheJarIsMissingOrOlderThanItsSources() throws Exception {
        Path source = checkout();
        executable(
                tools.resolve("mvn"),
                "#!/bin/sh\nread line && echo \"stdin: $line\"\necho \"mvn $*\"\nmkdir -p cli/target\n: > cli/target/modelfetch.jar\n");

        Ended first = run(Map.of());
        assertThat(first.err())
                .contains("because it is not built yet", "package -pl cli -am")
                .doesNotContain("stdin:");
        assertThat(first.out().lines()).doesNotContain("mvn").contains(jar().toString());

        Ended second = run(Map.of());
        assertThat(second.err()).isEmpty();

        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run(Map.of()).err()).contains("because api/src/main/A.java has changed");
    }

    @Test
    void aFailedBuildRunsNothing() throws Exception {
        checkout();
        executable(tools.resolve("mvn"), "#!/bin/sh\necho '[ERROR] no'\nexit 1\n");

        Ended ended = run(Map.of());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("[ERROR] no", "the build failed");
    }

    @Test
    void withoutMavenACheckoutThatWasNeverBuiltSaysSo() throws Exception {
        checkout();

        Ended ended = run(Map.of("PATH", onlyTheseTools()));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("Maven 3.8.6 or newer is needed");
    }

    private Path checkout() throws IOException {
        Files.delete(home.resolve("modelfetch.jar"));
        Path source = Files.createDirectories(home.resolve("api/src/main")).resolve("A.java");
        Files.writeString(source, "");
        Files.createDirectories(home.resolve("cli/src/main"));
        for (String pom : List.of("pom.xml", "api/pom.xml", "cli/pom.xml")) {
            Files.writeString(home.resolve(pom), "");
        }
        try (var files = Files.walk(home)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
            }
        }
        return source;
    }

    private Path jar() throws IOException {
        return home.toRealPath().resolve("cli/target/modelfetch.jar");
    }

    /** A java that prints its arguments, one a line, and ends with 7. */
    private Path jdk(String version) throws IOException {
        Path jdk =
                Files.createDirectories(temp.resolve("jdk " + version + "/bin")).getParent();
        executable(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    /** A folder with the commands the script needs, and no java or mvn. */
    private String onlyTheseTools() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("few"));
        for (String tool : List.of(
                "sh", "sed", "head", "dirname", "basename", "readlink", "find", "cksum", "stat", "mkdir", "locale")) {
            for (String where : List.of("/usr/bin/", "/bin/")) {
                Path real = Path.of(where + tool);
                if (Files.exists(real) && !Files.exists(folder.resolve(tool))) {
                    Files.createSymbolicLink(folder.resolve(tool), real);
                }
            }
        }
        return folder.toString();
    }

    private Ended run(Map<String, String> environment, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(tools.toFile())
                .redirectInput(Files.writeString(temp.resolve("in"), "secret\n").toFile())
                .redirectOutput(temp.resolve("out").toFile())
                .redirectError(temp.resolve("err").toFile());
        Map<String, String> variables = builder.environment();
        String path = tools + ":" + variables.getOrDefault("PATH", "/usr/bin:/bin");
        variables.clear();
        variables.put("PATH", path);
        variables.put("JAVA_HOME", javaHome.toString());
        variables.put("HOME", temp.toString());
        variables.put("MODELFETCH_NO_ARCHIVE", "1");
        variables.putAll(environment);
        Process process = builder.start();
        int code = process.waitFor();
        return new Ended(code, Files.readString(temp.resolve("out")), Files.readString(temp.resolve("err")));
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Diagnosis;
import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.Finding.State;
import dev.modelfetch.Hint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosisPageTest {

    private static final Diagnosis DIAGNOSIS = new Diagnosis(
            true,
            List.of(
                    finding("mirror", Check.ROUTE, State.OK, "route-direct", "direct"),
                    new Finding(
                            Optional.of("mirror"),
                            Check.TLS,
                            State.PROBLEM,
                            "tls-unreached",
                            "no connection: connect timed out",
                            List.of("connect timed out"),
                            List.of(Hint.of("blocked-way", "Go by a proxy.", "mirror"))),
                    finding("mirror", Check.TOKEN, State.OK, "token-accepted", "", "the file /home/wang/token"),
                    finding(null, Check.CACHE, State.OK, "cache-writable", "", "/home/wang/hub", "default"),
                    finding(null, Check.SYSTEM, State.OK, "system", "Linux 6.1, amd64", "Linux", "6.1", "amd64"),
                    finding(null, Check.CLOCK, State.UNKNOWN, "of-tomorrow", "words of the engine")),
            List.of(Samples.usable("mirror", 200)));

    private static Finding finding(
            String source, Check check, State state, String code, String text, String... values) {
        return new Finding(Optional.ofNullable(source), check, state, code, text, List.of(values), List.of());
    }

    private static List<String> page(Messages messages) {
        return new DiagnosisPage(messages, new Person(List.of("/home/wang"), List.of("wang"))).lines(DIAGNOSIS);
    }

    @Test
    void everyFindingIsALineWithWhatToDoBelow() {
        assertThat(page(Messages.english()))
                .containsSequence(
                        "  ok      route     direct",
                        "  PROBLEM connect   no connection: connect timed out",
                        "          what to do: The network may be down, or keep this host out: use another --source,"
                                + " or go by a proxy (--proxy mirror=http://HOST:PORT).",
                        "  ok      token     accepted, from the file ~/token",
                        "")
                .contains("this machine", "  ok      cache     ~/hub (default)", "A fetch would work here.");
    }

    @Test
    void whatHasNoWordsHereIsSaidInTheEnginesOwn() {
        assertThat(page(Messages.chinese())).contains("  未知    时钟      words of the engine");
    }

    @Test
    void itIsChineseAllTheWay() {
        assertThat(page(Messages.chinese()))
                .contains("本机", "  有问题  连接      无法建立连接：连接超时", "  正常    缓存      ~/hub（默认）", "在这里可以下载。");
    }

    @Test
    void theBlockForABugReportIsTheSameInBothLanguages() {
        List<String> english = page(Messages.english());
        List<String> block = english.subList(english.indexOf("```"), english.size());

        assertThat(block)
                .satisfies(lines -> assertThat(lines.get(2)).startsWith("mirror http"))
                .satisfies(lines -> assertThat(lines.get(2))
                        .endsWith(
                                ": route-direct; tls-unreached (connect timed out); token-accepted (the file ~/token)"))
                .contains("Linux 6.1, amd64", "machine: cache-writable (~/hub, default); of-tomorrow");
        assertThat(page(Messages.chinese())).endsWith(block.toArray(new String[0]));
        assertThat(String.join("\n", english)).doesNotContain("wang");
    }
}

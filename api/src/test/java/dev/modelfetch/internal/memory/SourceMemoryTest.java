package dev.modelfetch.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.memory.History.Avoided;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered, for how long, and what is never written. */
class SourceMemoryTest {

    private static final String HUB = "https://huggingface.co";
    private static final Verdict USABLE = new Verdict.Usable("a".repeat(40));
    private static final Verdict DOWN = new Verdict.Down("connect timed out", false);
    private static final Repo REPO = Repo.of(RepoType.MODEL, "acme/secret-project");

    @TempDir
    Path home;

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private String network = "office";

    @Test
    void anAnswerIsKnownToTheNextProgramForTenMinutes() {
        learn(memory -> hub(memory).answered(USABLE, 160));

        later(Duration.ofMinutes(9));
        assertThat(hub(open()).freshMillis()).hasValue(160);
        later(Duration.ofMinutes(2));
        assertThat(hub(open()).freshMillis()).isEmpty();
    }

    @Test
    void whoCannotBeReachedIsLeftAloneTwiceAsLongEachTimeUpToTenMinutes() {
        for (long minutes : List.of(1, 2, 4, 8, 10, 10)) {
            learn(memory -> hub(memory).answered(DOWN, 2_500));
            later(Duration.ofMinutes(minutes).minusSeconds(1));
            assertThat(hub(open()).avoided()).as("%s minutes", minutes).hasValue(Avoided.DOWN);
            later(Duration.ofSeconds(2));
            assertThat(hub(open()).avoided()).as("%s minutes", minutes).isEmpty();
        }
    }

    @Test
    void oneOutageThatManyMeetIsOne() {
        learn(memory -> {
            for (int job = 0; job < 20; job++) {
                hub(memory).answered(DOWN, 2_500);
            }
        });

        later(Duration.ofSeconds(61));
        assertThat(hub(open()).avoided()).isEmpty();
    }

    @Test
    void anAnswerEndsAnAbsence() {
        learn(memory -> hub(memory).answered(DOWN, 2_500));
        learn(memory -> hub(memory).answered(USABLE, 90));

        assertThat(hub(open()).avoided()).isEmpty();
        assertThat(hub(open()).freshMillis()).hasValue(90);
    }

    @Test
    void aLimitHoldsAsLongAsItWasSaid() {
        learn(memory -> hub(memory).answered(new Verdict.Limited(Duration.ofSeconds(90), "too many"), 40));

        later(Duration.ofSeconds(89));
        assertThat(hub(open()).avoided()).hasValue(Avoided.LIMITED);
        later(Duration.ofSeconds(2));
        assertThat(hub(open()).avoided()).isEmpty();
    }

    @Test
    void aMirrorThatLeadsElsewhereIsKnownForADay() {
        learn(memory -> hub(memory).answered(new Verdict.Alias("https://huggingface.co"), 40));

        later(Duration.ofHours(23));
        assertThat(hub(open()).avoided()).hasValue(Avoided.ALIAS);
        later(Duration.ofHours(2));
        assertThat(hub(open()).avoided()).isEmpty();
    }

    @Test
    void thatARepositoryIsNotThereIsAnAnswerOfTheHub() {
        learn(memory -> hub(memory).answered(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"), 70));

        assertThat(hub(open()).freshMillis()).hasValue(70);
    }

    @Test
    void aRateIsBelievedForADayAndLessAfterSixHours() {
        learn(memory -> hub(memory).brought(64 << 20, "cdn.test", "direct"));
        assertThat(hub(open()).rate()).isEqualTo(64 << 20);

        later(Duration.ofHours(7));
        assertThat(hub(open()).rate()).isCloseTo(16 << 20, within(1.0));
        later(Duration.ofHours(18));
        assertThat(hub(open()).rate()).isZero();
    }

    @Test
    void aHubWhoseBytesCameFromAHostThatIsAwayIsTakenForSlowUntilThatIsBack() {
        learn(memory -> hub(memory).brought(64 << 20, "cdn.test", "direct"));
        learn(memory -> hub(memory).failed("cdn.test", "direct"));

        later(Duration.ofSeconds(50));
        assertThat(hub(open()).rate()).isLessThan(100_000);
        later(Duration.ofSeconds(20));
        assertThat(hub(open()).rate()).isEqualTo(64 << 20);
    }

    @Test
    void anotherNetworkIsAnotherPlace() {
        learn(memory -> hub(memory).answered(DOWN, 2_500));
        network = "home";

        assertThat(hub(open()).avoided()).isEmpty();
        learn(memory -> hub(memory).answered(USABLE, 50));

        network = "office";
        assertThat(hub(open()).avoided()).hasValue(Avoided.DOWN);
    }

    @Test
    void anotherRouteIsAnotherPlace() {
        learn(memory -> memory.of(HUB, "http://127.0.0.1:7890").answered(USABLE, 300));

        assertThat(hub(open()).freshMillis()).isEmpty();
    }

    @Test
    void twoProgramsAtOnceKeepWhatBothHaveLearned() {
        learn(memory -> hub(memory).answered(USABLE, 1));
        SourceMemory one = open();
        SourceMemory other = open();
        hub(one).answered(USABLE, 120);
        one.of("https://modelscope.cn", "direct").answered(USABLE, 200);
        other.of("https://hf-mirror.com", "direct").answered(USABLE, 300);

        one.save();
        other.save();

        SourceMemory next = open();
        assertThat(hub(next).freshMillis()).hasValue(120);
        assertThat(next.of("https://modelscope.cn", "direct").freshMillis()).hasValue(200);
        assertThat(next.of("https://hf-mirror.com", "direct").freshMillis()).hasValue(300);
    }

    @Test
    void neitherNamesNorTokensAreWritten() throws IOException {
        learn(memory -> {
            hub(memory).answered(USABLE, 100);
            memory.open(HUB, REPO);
            memory.owners("hf_verysecret", List.of("Alice", "acme-lab"));
        });

        assertThat(Files.readString(file()))
                .doesNotContainIgnoringCase("acme")
                .doesNotContain("secret")
                .doesNotContainIgnoringCase("alice");
        SourceMemory next = open();
        assertThat(next.isOpen(HUB, REPO)).isTrue();
        assertThat(next.isOpen(HUB, Repo.of(RepoType.DATASET, REPO.id()))).isFalse();
        assertThat(next.mayOwn("hf_verysecret", "alice")).hasValue(true);
        assertThat(next.mayOwn("hf_verysecret", "deepseek-ai")).hasValue(false);
        assertThat(next.mayOwn("hf_another", "alice")).isEmpty();
    }

    @Test
    void whatATokenMayOwnIsForgottenAfterAMonth() {
        learn(memory -> memory.owners("hf_verysecret", List.of("alice")));

        later(Duration.ofDays(31));

        assertThat(open().mayOwn("hf_verysecret", "deepseek-ai")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{\"v\":2,\"salt\":\"x\",\"networks\":{}}",
                "{\"v\":1}",
                "{\"v\":1,\"salt\":\"x\",\"networks\":{\"n\":null},\"open\":{\"a\":\"never\"},\"accounts\":null}",
                "{\"v\":1,\"salt\":\"x\",\"networks\":{\"n\":{\"p\":{\"said\":\"MAYBE\",\"at\":\"?\"}}}}",
                "{\"v\":1,\"salt\":\"x\",\"networks\":{\"n\":{\"p\":{\"said\":\"DOWN\",\"at\":\"2026-11-26T12:00:00Z\","
                        + "\"until\":\"+1000000000-12-31T23:59:59Z\",\"millis\":-1}}}}"
            })
    void aFileThatCannotBeUsedIsAsGoodAsNone(String text) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), text);

        assertThat(hub(open()).avoided()).isEmpty();
        learn(memory -> hub(memory).answered(USABLE, 10));
        assertThat(hub(open()).freshMillis()).hasValue(10);
    }

    @Test
    void whatWasLearnedByAClockThatIsAheadIsNotBelieved() {
        now = now.plus(Duration.ofDays(300));
        learn(memory -> {
            hub(memory).answered(DOWN, 10);
            hub(memory).brought(1 << 20, "cdn.test", "direct");
            memory.open(HUB, REPO);
        });
        now = now.minus(Duration.ofDays(300));

        assertThat(hub(open()).avoided()).isEmpty();
        assertThat(hub(open()).rate()).isZero();
        assertThat(open().isOpen(HUB, REPO)).isFalse();
    }

    @Test
    void itStaysSmallHoweverMuchIsLearned() throws IOException {
        for (int net = 0; net < 40; net++) {
            network = "net " + net;
            later(Duration.ofSeconds(1));
            learn(memory -> {
                for (int host = 0; host < 200; host++) {
                    memory.of("https://host-" + host + ".example", "direct").answered(USABLE, host);
                }
            });
        }
        learn(memory -> {
            for (int name = 0; name < 10_000; name++) {
                memory.open(HUB, Repo.of(RepoType.MODEL, "acme/m" + name));
            }
        });

        assertThat(Files.size(file())).isLessThan(1 << 20);
        network = "net 39";
        assertThat(hostsKnown()).isEqualTo(64);
        network = "net 0";
        assertThat(hostsKnown()).isZero();
    }

    @Test
    void aFolderThatCannotBeWrittenHarmsNobody() throws IOException {
        Files.writeString(home.resolve("cache"), "a file where the folder belongs");

        learn(memory -> hub(memory).answered(USABLE, 10));

        assertThat(hub(open()).freshMillis()).isEmpty();
    }

    @Test
    void nothingIsRememberedByNobody() {
        SourceMemory.NONE.of(HUB, "direct").answered(DOWN, 1);
        SourceMemory.NONE.open(HUB, REPO);
        SourceMemory.NONE.owners("t", List.of("a"));
        SourceMemory.NONE.save();

        assertThat(SourceMemory.NONE.of(HUB, "direct").avoided()).isEmpty();
        assertThat(SourceMemory.NONE.isOpen(HUB, REPO)).isFalse();
        assertThat(SourceMemory.NONE.mayOwn("t", "a")).isEqualTo(Optional.empty());
    }

    private long hostsKnown() {
        SourceMemory memory = open();
        return IntStream.range(0, 200)
                .filter(host -> memory.of("https://host-" + host + ".example", "direct")
                        .freshMillis()
                        .isPresent())
                .count();
    }

    private interface Learning {
        void from(SourceMemory memory);
    }

    private void learn(Learning learning) {
        SourceMemory memory = open();
        learning.from(memory);
        memory.save();
    }

    private void later(Duration time) {
        now = now.plus(time);
    }

    private SourceMemory open() {
        return SourceMemory.in(file(), () -> network, () -> now);
    }

    private Path file() {
        return home.resolve("cache").resolve("sources.json");
    }

    private static History hub(SourceMemory memory) {
        return memory.of(HUB, "direct");
    }
}

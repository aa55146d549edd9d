package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Probe;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verdict;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.LoopbackServer;
import dev.modelfetch.testing.hub.MirrorFace.Quirk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Automatic choice, with each source in turn out of order in each way: the others do the work. */
class OneSourceIsBrokenTest {

    private static final Map<String, Consumer<LoopbackServer>> WAYS = Map.of(
            "black hole", server -> server.faults().add(Fault.blackHole()),
            "refused", LoopbackServer::refuse,
            "reset", server -> server.faults().add(Fault.reset()),
            "web page", server -> server.faults().add(Fault.webPage()),
            "404", server -> server.faults().add(Fault.status(404)),
            "500", server -> server.faults().add(Fault.status(500)),
            "429", server -> server.faults().add(Fault.limitedRetryAfter(1)));

    @RegisterExtension
    final Lab lab = Lab.of(List.of(Samples.SMALL), List.of(Samples.SMALL.at("modelscope")));

    static Stream<Arguments> everySourceInEveryWay() {
        return Stream.of("huggingface", "mirror", "modelscope")
                .flatMap(source -> WAYS.keySet().stream().map(way -> Arguments.of(source, way)));
    }

    @ParameterizedTest
    @MethodSource("everySourceInEveryWay")
    void theOthersDeliver(String broken, String way) throws IOException {
        WAYS.get(way).accept(server(broken));

        Snapshot result = lab.fetch(Samples.SMALL.id());

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(result.source()).isNotEqualTo(broken);
        assertThat(result.files()).allSatisfy(file -> assertThat(file.from()).doesNotContain(broken));
    }

    @Test
    void aMirrorThatSendsEverybodyToTheOriginIsNoSource() throws IOException {
        lab.hubs().mirror().face().quirks(Quirk.MOVED_TO_ORIGIN);
        lab.hubs()
                .huggingFace()
                .faults()
                .add(Fault.delay(Duration.ofMillis(200)).onApi());

        Snapshot result = lab.fetch(Samples.SMALL.id());

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(verdict(result.probes(), "mirror")).isEqualTo(Verdict.Kind.ALIAS);
        assertThat(lab.ledger().visits("mirror-data")).isEmpty();
    }

    @Test
    void aMirrorThatKnowsNothingDoesNotHideWhatTheOthersHave() throws IOException {
        lab.hubs().mirror().face().quirks(Quirk.HIDES_EVERYTHING);
        lab.hubs().huggingFace().server().refuse();

        Snapshot result = lab.fetch(Samples.SMALL.id());

        assertThat(result.source()).isEqualTo("modelscope");
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
    }

    @Test
    void aShortRequestForPatienceIsHonouredWhenThereIsNobodyElse() throws IOException {
        lab.hubs().mirror().faults().add(Fault.limitedRetryAfter(1).times(2));

        Snapshot result = lab.fetch(Samples.SMALL.id(), "mirror");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
    }

    private LoopbackServer server(String source) {
        return switch (source) {
            case "huggingface" -> lab.hubs().huggingFace().server();
            case "mirror" -> lab.hubs().mirror().server();
            default -> lab.hubs().modelScope().server();
        };
    }

    private static Verdict.Kind verdict(List<Probe> probes, String source) {
        return probes.stream()
                .filter(probe -> probe.source().equals(source))
                .findFirst()
                .orElseThrow()
                .verdict()
                .kind();
    }
}

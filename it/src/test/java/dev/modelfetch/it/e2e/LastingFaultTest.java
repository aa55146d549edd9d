package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.Repository;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nothing but a host that stays broken: a job without patience ends with the right status, names cause and host, stores no
 * wrong file. What patience makes of it is in {@link OutageTest}.
 */
@Timeout(120)
class LastingFaultTest {

    private static final int SIZE = 300_000;

    /** At one file: the first and five more. */
    private static final int MOST_ATTEMPTS = 6;

    /**
     * One fault with a repository to itself, so that all can be waited for at once.
     *
     * @param name of the fault, its repository and its file
     * @param code the exit status
     * @param words in the message
     */
    private record Row(String name, Fault fault, int code, String words) {

        String file() {
            return name + ".bin";
        }

        Repository repository() {
            return Repository.model("acme-lab/" + name).lfs(file(), content());
        }

        Content content() {
            return Content.generated(name.hashCode(), SIZE);
        }
    }

    private static final List<Row> ROWS = List.of(
            new Row("reset", Fault.reset(), 5, "connection reset (127.0.0.1)"),
            new Row("silence", Fault.blackHole(), 5, "no answer in time (127.0.0.1)"),
            new Row("stall", Fault.stallAfter(0), 5, "no answer in time (127.0.0.1)"),
            new Row("short-body", Fault.shortBody(0), 5, "connection closed early (127.0.0.1)"),
            new Row("range-refused", Fault.status(416), 5, "range refused (HTTP 416, 127.0.0.1)"),
            new Row("expired", Fault.status(403), 5, "HTTP 403 from data host 127.0.0.1"),
            new Row("lost", Fault.status(404), 5, "HTTP 404 from data host 127.0.0.1"),
            new Row("limited", Fault.limitedRetryAfter(1), 5, "too many requests at 127.0.0.1, free again in 1 s"),
            new Row("limited-long", Fault.limitedWindow(200), 5, "too many requests at 127.0.0.1, free again in 201 s"),
            new Row("broken", Fault.status(500), 5, "HTTP 500 from 127.0.0.1"),
            new Row("overloaded", Fault.status(503), 5, "HTTP 503 from 127.0.0.1"),
            new Row("web-page", Fault.webPage(), 5, "a web page instead of the file (127.0.0.1)"),
            new Row("loop", Fault.redirectLoop(), 5, "too many redirects from 127.0.0.1"),
            new Row(
                    "shorter",
                    Fault.replaced("shorter.bin", Content.generated(43, SIZE - 1)),
                    5,
                    "the file has 299999 bytes at 127.0.0.1, the listing says 300000"),
            new Row("longer", Fault.longBody(7), 5, "the file has 300007 bytes at 127.0.0.1, the listing says 300000"),
            new Row(
                    "replaced",
                    Fault.replaced("replaced.bin", Content.generated(43, SIZE)),
                    6,
                    "the bytes from huggingface have "));

    @RegisterExtension
    final Lab lab = Lab.of(ROWS.stream().map(Row::repository).toArray(Repository[]::new))
            .with("HF_HUB_DOWNLOAD_TIMEOUT", "1");

    @Test
    void theCauseAndTheHostAreNamed() throws Exception {
        ROWS.forEach(
                row -> lab.hubs().huggingFace().dataFaults().add(row.fault().onFile(row.file())));
        Map<Row, CompletableFuture<Snapshot>> jobs = new LinkedHashMap<>();
        SoftAssertions softly = new SoftAssertions();
        try (Modelfetch modelfetch = lab.open()) {
            for (Row row : ROWS) {
                jobs.put(
                        row,
                        modelfetch
                                .start(
                                        modelfetch
                                                .request(row.repository().id())
                                                .source(SourceChoice.only("huggingface"))
                                                .patience(Duration.ZERO)
                                                .build(),
                                        lab.events())
                                .result());
            }
            jobs.forEach((row, job) -> {
                softly.assertThatThrownBy(job::join)
                        .as(row.name())
                        .isInstanceOf(CompletionException.class)
                        .cause()
                        .isInstanceOfSatisfying(
                                FetchException.class,
                                e -> softly.assertThat(e.code()).as(row.name()).isEqualTo(row.code()))
                        .hasMessageContaining(row.file())
                        .hasMessageContaining(row.words());
                softly.assertThat(attempts(row))
                        .as("attempts at %s", row.file())
                        .isBetween(1L, (long) MOST_ATTEMPTS);
            });
        }
        softly.assertThat(lab.filesAtHome()).noneMatch(file -> file.endsWith(".bin") || file.contains("/blobs/"));
        softly.assertAll();
    }

    @Test
    void whereEveryDataHostRefusesItsLinksTheProgramEndsSoon() throws Exception {
        everywhere(Fault.status(403));
        Row any = ROWS.get(0);
        long began = System.nanoTime();

        Running.Ended ended = lab.program()
                .run(any.repository().id(), "--give-up-after", "0", "--json")
                .exits(5);

        // Links are renewed twice at each source; a person who waits longer believes that it hangs.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        assertThat(ended.error().get("message").getAsString())
                .contains(any.file())
                .contains("huggingface: HTTP 403 from data host 127.0.0.1")
                .contains("mirror: HTTP 403 from data host 127.0.0.1")
                .contains("modelscope: HTTP 403 from data host 127.0.0.1");
        assertThat(lab.filesAtHome()).noneMatch(file -> file.endsWith(any.file()));
    }

    @Test
    @Timeout(30)
    void whereEveryDataHostBreaksTheConnectionTheJobEndsSoon() {
        everywhere(Fault.reset());

        FetchException.Unreachable e = lab.failure(
                FetchException.Unreachable.class, ROWS.get(0).repository().id(), Lab.impatiently(request -> request));

        assertThat(e)
                .hasMessageContaining("huggingface: connection reset (127.0.0.1)")
                .hasMessageContaining("mirror: connection reset (127.0.0.1)")
                .hasMessageContaining("modelscope: connection reset (127.0.0.1)");
        for (String host : List.of("huggingface-data", "mirror-data", "modelscope-data")) {
            assertThat(lab.ledger().visits(host).size()).as(host).isBetween(1, 6);
        }
    }

    private void everywhere(Fault fault) {
        for (MiniHub<?> hub : List.of(
                lab.hubs().huggingFace(), lab.hubs().mirror(), lab.hubs().modelScope())) {
            hub.dataFaults().add(fault);
        }
    }

    /** Each attempt begins with the hub's redirection. */
    private long attempts(Row row) {
        return lab.ledger().visits("huggingface").stream()
                .filter(visit -> visit.file().equals(row.file()))
                .count();
    }
}

package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Caller;
import dev.modelfetch.Depot;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.FetchException;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.OpenFile;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Outage;
import dev.modelfetch.testing.hub.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a service gets that has the depot in itself, without any server. */
class DepotTest {

    private static final Repo REPO = Repo.of(RepoType.MODEL, Samples.ID);
    private static final Repo LARGE = Repo.of(RepoType.MODEL, "acme-lab/huge");
    private static final Content CONTENT = Content.generated(8, 80L << 20);

    @RegisterExtension
    final Lab lab = Lab.of(Samples.MODEL, Repository.model("acme-lab/huge").lfs("huge.bin", CONTENT));

    private Modelfetch modelfetch;

    @BeforeEach
    void open() {
        modelfetch = lab.open();
    }

    @AfterEach
    void close() {
        modelfetch.close();
    }

    private static byte[] read(Depot depot, Pinned pinned, String path, long position, long count) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OpenFile file = depot.open(pinned, path)) {
            file.transferTo(position, count, Channels.newChannel(out));
        }
        return out.toByteArray();
    }

    @Test
    void aFileIsReadWhileItIsFilledAndStoredInTheEnd() throws Exception {
        try (Depot depot = modelfetch.depot(DepotOptions.usual())) {
            Pinned pinned = depot.pin(REPO, "main", Caller.ANONYMOUS);
            assertThat(pinned.commit()).isEqualTo(Samples.MODEL.head().id());

            byte[] all = read(depot, pinned, Samples.BIG, 0, Samples.WEIGHTS.size());

            assertThat(all).isEqualTo(Samples.WEIGHTS.toByteArray());
            try (OpenFile file = depot.open(pinned, Samples.BIG)) {
                Awaitility.await().until(() -> depot.fillings().isEmpty());
            }
            try (OpenFile file = depot.open(pinned, Samples.BIG)) {
                assertThat(file.path())
                        .hasValueSatisfying(path -> assertThat(path).hasSize(all.length));
                assertThat(file.digest().orElseThrow().hex()).isEqualTo(Samples.WEIGHTS.sha256());
            }
            assertThatThrownBy(() -> depot.open(pinned, "none")).isInstanceOf(FetchException.NotFound.class);
        }
    }

    @Test
    void aRangeOfALargeFileCostsLittleMoreThanItself() throws Exception {
        try (Depot depot = modelfetch.depot(DepotOptions.usual())) {
            Pinned pinned = depot.pin(LARGE, "main", Caller.ANONYMOUS);

            byte[] range = read(depot, pinned, "huge.bin", 40L << 20, 1_000);

            assertThat(range).isEqualTo(Arrays.copyOfRange(CONTENT.toByteArray(), 40 << 20, (40 << 20) + 1_000));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> depot.fillings().isEmpty());
            assertThat(lab.ledger().bytesSent("huge.bin")).isLessThan(32L << 20);
        }
    }

    @Test
    void aTableOfContentsAtTheEndIsReadWithoutAllBeforeIt() throws Exception {
        try (Depot depot = modelfetch.depot(DepotOptions.usual())) {
            Pinned pinned = depot.pin(LARGE, "main", Caller.ANONYMOUS);

            byte[] end = read(depot, pinned, "huge.bin", CONTENT.size() - 64, 64);

            assertThat(end).isEqualTo(Arrays.copyOfRange(CONTENT.toByteArray(), (int) CONTENT.size() - 64, (int)
                    CONTENT.size()));
            assertThat(lab.ledger().bytesSent("huge.bin")).isLessThan(32L << 20);
        }
    }

    @Test
    void strictlyNothingIsReadBeforeAllOfItIsRight() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.flip(Samples.BIG, 1_000).times(1));
        DepotOptions options = DepotOptions.builder()
                .strict(true)
                .source(dev.modelfetch.SourceChoice.only("huggingface"))
                .build();
        try (Depot depot = modelfetch.depot(options)) {
            Pinned pinned = depot.pin(REPO, "main", Caller.ANONYMOUS);

            assertThat(read(depot, pinned, Samples.BIG, 0, Samples.WEIGHTS.size()))
                    .isEqualTo(Samples.WEIGHTS.toByteArray());
        }
    }

    @Test
    void aBranchIsAnsweredAsItWasAndAskedForBehindTheAnswer() {
        DepotOptions options = DepotOptions.builder().freshFor(Duration.ZERO).build();
        try (Depot depot = modelfetch.depot(options)) {
            String before = depot.pin(REPO, "main", Caller.ANONYMOUS).commit();
            Repository next = Samples.MODEL.file("config.json", "{\"model_type\": \"newer\"}\n");
            lab.hubs().huggingFace().catalogue().put(next);
            lab.hubs().mirror().catalogue().put(next);

            Pinned stale = depot.pin(REPO, "main", Caller.ANONYMOUS);

            assertThat(stale.commit()).isEqualTo(before);
            assertThat(stale.stale()).isTrue();
            Awaitility.await()
                    .until(() -> depot.pin(REPO, "main", Caller.ANONYMOUS)
                            .commit()
                            .equals(next.head().id()));
            assertThat(depot.pin(REPO, before, Caller.ANONYMOUS).commit()).isEqualTo(before);
        }
    }

    @Test
    void withTheHubsAwayABranchIsWhatItWasInALaterRunToo() {
        DepotOptions options = DepotOptions.builder().freshFor(Duration.ZERO).build();
        try (Depot depot = modelfetch.depot(options)) {
            assertThat(depot.pin(REPO, "main", Caller.ANONYMOUS).open()).isTrue();
        }
        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());

        try (Modelfetch later = lab.open();
                Depot depot = later.depot(options)) {
            Pinned pinned = depot.pin(REPO, "main", Caller.ANONYMOUS);

            assertThat(pinned.commit()).isEqualTo(Samples.MODEL.head().id());
            assertThat(pinned.stale()).isTrue();
            assertThatThrownBy(() -> depot.pin(Repo.of(RepoType.MODEL, "acme-lab/other"), "main", Caller.ANONYMOUS))
                    .isInstanceOf(FetchException.Unreachable.class);
        }
    }

    @Test
    void whatAJobHasStoredIsServedAndWhatADepotHasStoredIsFetched() throws Exception {
        var fetched = modelfetch.fetch(modelfetch.request(Samples.ID).build());
        lab.ledger().clear();
        try (Depot depot = modelfetch.depot(
                DepotOptions.builder().offline(true).trustsCallers(true).build())) {
            Pinned pinned = depot.pin(REPO, "main", Caller.ANONYMOUS);

            assertThat(read(depot, pinned, Samples.BIG, 5, 10))
                    .isEqualTo(Arrays.copyOfRange(Samples.WEIGHTS.toByteArray(), 5, 15));
        }
        // Whoever is not trusted has to be shown it by a hub first.
        try (Depot depot = modelfetch.depot(DepotOptions.builder().offline(true).build())) {
            assertThatThrownBy(() -> depot.pin(REPO, "main", Caller.ANONYMOUS))
                    .isInstanceOf(FetchException.AccessDenied.class);
        }
        assertThat(lab.ledger().visits()).isEmpty();
        assertThat(Files.exists(fetched.path())).isTrue();
    }
}

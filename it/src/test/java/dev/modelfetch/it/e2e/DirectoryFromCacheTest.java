package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Plan;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A plain directory takes from the hub cache what is there already. */
class DirectoryFromCacheTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE);

    @Test
    void nothingIsFetchedThatTheCacheHas() throws IOException {
        lab.fetch(Samples.LARGE.id(), "mirror");

        Snapshot result = lab.fetch(Samples.LARGE.id(), this::intoDirectory);

        assertThat(result.bytesFetched()).isZero();
        assertThat(result.files()).allMatch(file -> file.reused() && file.from().equals(List.of("mirror")));
        assertThat(Contents.of(directory())).containsAllEntriesOf(Contents.of(Samples.LARGE));
        assertThat(directory().resolve(Samples.BIG))
                .isRegularFile()
                .satisfies(file -> assertThat(Files.isSymbolicLink(file)).isFalse());
    }

    @Test
    void whatIsChangedInTheDirectoryIsNotChangedInTheCache() throws IOException {
        Snapshot cached = lab.fetch(Samples.LARGE.id(), "mirror");
        lab.fetch(Samples.LARGE.id(), this::intoDirectory);

        Files.writeString(directory().resolve("config.json"), "mine");

        assertThat(Contents.of(cached.path())).containsAllEntriesOf(Contents.of(Samples.LARGE));
    }

    @Test
    void thePlanKnowsIt() throws IOException {
        lab.fetch(Samples.LARGE.id(), "mirror");

        Plan plan = lab.plan(Samples.LARGE.id(), this::intoDirectory);

        assertThat(plan.items()).allMatch(Plan.Item::stored);
        assertThat(directory()).doesNotExist();
    }

    @Test
    void offlineItIsFilledFromTheCacheAlone() throws IOException {
        lab.fetch(Samples.LARGE.id(), "mirror");
        int before = lab.ledger().requests("").size();

        Snapshot result =
                lab.fetch(Samples.LARGE.id(), request -> intoDirectory(request).offline(true));

        assertThat(lab.ledger().requests("")).hasSize(before);
        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.LARGE));
        try (Modelfetch modelfetch = lab.open()) {
            assertThat(modelfetch.verify(directory()).ok()).isTrue();
        }
    }

    @Test
    void offlineWithoutAllOfItItIsNotStored() throws IOException {
        lab.fetch(
                Samples.LARGE.id(), request -> Lab.from("mirror").apply(request).files("config.json"));

        FetchException.NotStored e = lab.failure(
                FetchException.NotStored.class,
                Samples.LARGE.id(),
                request -> intoDirectory(request).offline(true));

        assertThat(e.code()).isEqualTo(8);
        assertThat(directory().resolve(Samples.BIG)).doesNotExist();
    }

    @Test
    void aBlobThatHasChangedInTheCacheIsFetched() throws IOException {
        Snapshot cached = lab.fetch(Samples.LARGE.id(), "mirror");
        Path blob = cached.file(Samples.BIG).toRealPath();
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        Files.write(blob, bytes);

        Snapshot result = lab.fetch(Samples.LARGE.id(), this::intoDirectory);

        assertThat(result.bytesFetched()).isEqualTo(bytes.length);
        assertThat(Contents.of(directory())).containsAllEntriesOf(Contents.of(Samples.LARGE));
    }

    @Test
    void aDownloadThatWasBegunInTheCacheIsGoneOnWith() throws IOException {
        lab.hubs().mirror().dataFaults().add(Fault.resetAfter(5 << 20).times(1));
        lab.hubs().mirror().dataFaults().add(Fault.reset().onFile(Samples.BIG).after(1));
        lab.failure(
                FetchException.Unreachable.class,
                Samples.LARGE.id(),
                request -> Lab.impatiently(Lab.from("mirror")).apply(request).connectionsPerFile(1));

        Snapshot result = lab.fetch(
                Samples.LARGE.id(),
                request -> request.destination(new Destination.Directory(directory()))
                        .source(SourceChoice.only("huggingface")));

        assertThat(result.bytesReused()).isPositive();
        assertThat(Contents.of(directory())).containsAllEntriesOf(Contents.of(Samples.LARGE));
    }

    @Test
    void aPointerOfGitIsReplacedByWhatItStandsFor() throws IOException {
        Snapshot cached = lab.fetch(Samples.LARGE.id(), "mirror");
        Snapshot.Item big = cached.files().stream()
                .filter(file -> file.path().equals(Samples.BIG))
                .findFirst()
                .orElseThrow();
        Files.createDirectories(directory().resolve(Samples.BIG).getParent());
        Files.write(
                directory().resolve(Samples.BIG),
                ("version https://git-lfs.github.com/spec/v1\noid sha256:" + big.sha256() + "\nsize " + big.size()
                                + "\n")
                        .getBytes(StandardCharsets.US_ASCII));

        lab.fetch(Samples.LARGE.id(), this::intoDirectory);

        assertThat(Contents.of(directory())).containsAllEntriesOf(Contents.of(Samples.LARGE));
    }

    @Test
    void aPointerToSomethingElseIsTheUsers() throws IOException {
        Files.createDirectories(directory().resolve(Samples.BIG).getParent());
        String other = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 5\n";
        Files.writeString(directory().resolve(Samples.BIG), other);

        lab.failure(FetchException.Storage.class, Samples.LARGE.id(), this::intoDirectory);

        assertThat(directory().resolve(Samples.BIG)).hasContent(other);
    }

    @Test
    void modelScopesOwnCacheSharesWhatTheHubCacheHas() throws IOException {
        Snapshot cached = lab.fetch(Samples.LARGE.id(), "modelscope");

        Snapshot result = lab.fetch(
                Samples.LARGE.id(),
                request -> Lab.from("modelscope")
                        .apply(request)
                        .destination(new Destination.ModelScopeCache(Optional.of(directory()))));

        assertThat(result.bytesFetched()).isZero();
        assertThat(result.path()).isEqualTo(directory().resolve("models/acme-lab--large/snapshots/master"));
        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.LARGE));
        assertThat(Files.isSameFile(
                        result.file(Samples.BIG), cached.file(Samples.BIG).toRealPath()))
                .isTrue();
    }

    @Test
    void aRevisionCannotLeadOutOfIt() {
        lab.failure(
                FetchException.class,
                Samples.LARGE.id(),
                request -> request.revision("../../../../out")
                        .destination(new Destination.ModelScopeCache(Optional.of(directory()))));

        assertThat(lab.home().resolve("out")).doesNotExist();
    }

    private FetchRequest.Builder intoDirectory(FetchRequest.Builder request) {
        return Lab.from("mirror").apply(request).destination(new Destination.Directory(directory()));
    }

    private Path directory() {
        return lab.home().resolve("plain");
    }
}

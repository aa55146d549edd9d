package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.Cache;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evicted;
import dev.modelfetch.FetchException;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Verification;
import dev.modelfetch.testing.hub.Fault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that keeps its cache small while others fetch into it, and what the program answers from it. */
class CacheTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE, Samples.SMALL);

    @Test
    void whatAnotherProcessIsFetchingStaysUntilItIsThere() throws Exception {
        lab.fetch(Samples.SMALL.id(), "huggingface");
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(12 << 20));
        Running running = lab.program().start(Samples.LARGE.id(), "--source", "hf", "--progress", "json");
        running.awaitBytes(Samples.BIG, 1 << 20);
        try (Modelfetch modelfetch = lab.open()) {
            Cache cache = modelfetch.cache();

            Evicted evicted = cache.evict(cache.planShrinking(0));

            assertThat(evicted.skipped())
                    .extracting(Evicted.Skipped::path)
                    .containsExactly(lab.cache().resolve("models--acme-lab--large"));
            assertThat(cache.repositories()).extracting(CachedRepo::id).containsExactly(Samples.LARGE.id());
            lab.hubs().huggingFace().dataFaults().clear();
            Path path = running.end().path();
            assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.LARGE));

            CachedRevision revision = cache.repositories().get(0).revisions().get(0);
            assertThat(revision.path()).isEqualTo(path);
            assertThat(revision.source()).contains("huggingface");
            assertThat(revision.verified()).contains(Verification.ORIGIN);
            assertThat(cache.evict(cache.planRemoval(List.of(revision))).bytes())
                    .isEqualTo(revision.size());
        }
        lab.failure(FetchException.NotStored.class, Samples.LARGE.id(), request -> request.offline(true));
        assertThat(Contents.of(lab.fetch(Samples.LARGE.id(), "huggingface").path()))
                .isEqualTo(Contents.of(Samples.LARGE));
    }

    @Test
    void offlineProgramsHearTheStoryAndPeopleTheSummary() throws Exception {
        Path stored = lab.program().run(Samples.SMALL.id()).path();
        lab.ledger().clear();

        Running.Ended quiet = lab.program().run(Samples.SMALL.id(), "--offline").exits(0);
        Running.Ended told = lab.program()
                .run(Samples.SMALL.id(), "--offline", "--progress", "json")
                .exits(0);

        assertThat(quiet.err()).contains("3 files").doesNotContain("source:");
        List<JsonObject> events = told.err()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertThat(events)
                .extracting(event -> event.get("event").getAsString())
                .containsExactly("resolved", "file-done", "file-done", "file-done", "done");
        assertThat(events.get(0).get("source").getAsString()).isEqualTo("cache");
        assertThat(told.path()).isEqualTo(stored);
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void offlineTheListAndThePlanAreWhatWasStored() throws Exception {
        lab.program().run("ls", Samples.SMALL.id(), "--offline").exits(8);
        lab.program().run(Samples.SMALL.id()).exits(0);
        lab.ledger().clear();

        Running.Ended list =
                lab.program().run("ls", Samples.SMALL.id(), "--offline").exits(0);
        Running.Ended plan = lab.program()
                .run(Samples.SMALL.id(), "--offline", "--dry-run", "--json")
                .exits(0);

        assertThat(list.out()).contains("model.safetensors").contains("cache");
        assertThat(plan.json().get("bytesToFetch").getAsLong()).isZero();
        assertThat(lab.ledger().visits()).isEmpty();
    }
}

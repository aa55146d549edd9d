package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What programs read on stderr is what {@code docs/events.schema.json} says, in real runs. */
class EventSchemaTest {

    private static final Path FILE = Path.of("../docs/events.schema.json");

    /** Whose objects are those of {@code --json}, and say more than events do. */
    private static final Set<String> LAST = Set.of("done", "error");

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE, Samples.SMALL);

    private final ObjectMapper json = new ObjectMapper();
    private final JsonSchema schema;
    private final JsonNode events;
    private final Set<String> seen = new HashSet<>();

    EventSchemaTest() throws IOException {
        String text = Files.readString(FILE);
        schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(text);
        events = json.readTree(text).get("$defs");
    }

    @Test
    void everyLineOfEveryRun() throws Exception {
        lab.hubs().mirror().dataFaults().add(Fault.flip(Samples.BIG, 5_000_000).times(1));
        lab.hubs().huggingFace().dataFaults().add(Fault.reset().times(2));
        lab.hubs().modelScope().dataFaults().add(Fault.status(503).times(2));

        checked("acme-lab/large", "--source", "mirror,huggingface,modelscope");
        checked("nobody/has-it");
        checked("acme-lab/large", "--offline");
        checked("cache", "verify");
        checked("ls", "acme-lab/tiny");
        checked("probe");
        checked("--nonsense");

        assertThat(seen).contains("probe", "resolved", "file-start", "progress", "verify", "file-done", "checking");
    }

    private void checked(String... words) throws Exception {
        String[] line = Arrays.copyOf(words, words.length + 2);
        line[words.length] = "--progress";
        line[words.length + 1] = "json";

        List<String> lines = lab.program().run(line).err().lines().toList();

        assertThat(lines).isNotEmpty().allSatisfy(this::check);
        assertThat(lines).filteredOn(each -> LAST.contains(word(each))).hasSize(1);
        assertThat(LAST).contains(word(lines.get(lines.size() - 1)));
    }

    private void check(String line) throws IOException {
        assertThat(schema.validate(line, InputFormat.JSON)).as(line).isEmpty();
        seen.add(word(line));
        if (!LAST.contains(word(line))) {
            assertThat(events.get("event-" + word(line)).get("properties").fieldNames())
                    .toIterable()
                    .as("fields that are written down")
                    .containsAll(() -> fields(line));
        }
    }

    private Iterator<String> fields(String line) {
        try {
            return json.readTree(line).fieldNames();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String word(String line) {
        try {
            return json.readTree(line).path("event").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

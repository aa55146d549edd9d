package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hubs that say what cannot be, say the right thing under a wrong label, or something else in its place. */
class DamagedAnswersTest {

    private static final Repository MODEL = Repository.model("acme-lab/odd")
            .file("README.md", "# Odd\n")
            .file("index.html", "<!DOCTYPE html><html><title>Odd</title></html>\n")
            .lfs("model.bin", Content.generated(71, 300_000));
    private static final Repository BARE = Repository.model("acme-lab/bare");

    private static final String JSON = "application/json; charset=utf-8";
    private static final String OVERLOADED = "{\"Code\":10010205001,\"Message\":\"Error 1461: overloaded\"}";
    private static final Fault GUARD =
            Fault.answer(403, "text/html", "<!DOCTYPE html><html><title>Just a moment</title></html>");

    @RegisterExtension
    final Lab lab = Lab.of(List.of(MODEL, BARE), List.of(MODEL.at("modelscope"), BARE.at("modelscope")));

    /** A list with one row, of a file that has content. */
    private static Fault listed(String row) {
        return Fault.answer(200, JSON, "[" + row + "]").on("/tree/");
    }

    private static final String WITHOUT_BYTES =
            "{\"type\": \"file\", \"path\": \"README.md\", \"size\": 0, \"oid\": \"" + "a".repeat(40) + "\"}";
    private static final String WITHOUT_ANYTHING = "{\"type\": \"file\", \"path\": \"README.md\", \"size\": 0}";

    @Test
    void aListOfNoBytesWithTheDigestOfSomeIsLeftForAnother() throws IOException {
        lab.hubs().huggingFace().faults().add(listed(WITHOUT_BYTES));

        Snapshot result = lab.fetch(MODEL.id(), Lab.from("huggingface", "mirror"));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
    }

    @Test
    void whereNobodyListsBetterNothingIsStored() throws Exception {
        lab.hubs().huggingFace().faults().add(listed(WITHOUT_BYTES));

        FetchException.Corrupt e = lab.failure(FetchException.Corrupt.class, MODEL.id(), Lab.from("huggingface"));

        assertThat(e)
                .hasMessageContaining("the file list of huggingface contradicts itself")
                .hasMessageContaining("README.md");
        assertThat(lab.filesAtHome()).noneMatch(file -> file.endsWith("README.md"));
    }

    @Test
    void aFileThatOnlyTheListCallsEmptyIsAskedForAndNotStoredEmpty() throws Exception {
        lab.hubs().huggingFace().faults().add(listed(WITHOUT_ANYTHING));

        FetchException.Unreachable e =
                lab.failure(FetchException.Unreachable.class, MODEL.id(), Lab.from("huggingface"));

        assertThat(e).hasMessageContaining("the file has 6 bytes at 127.0.0.1, the listing says 0");
        assertThat(lab.filesAtHome()).noneMatch(file -> file.endsWith("README.md"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror"})
    void anEmptyListOfARepositoryThatNamesItsFilesIsLeftForAnother(String source) throws IOException {
        hub(source).faults().add(listed(""));

        FetchException.Unreachable alone = lab.failure(FetchException.Unreachable.class, MODEL.id(), Lab.from(source));
        Snapshot result = lab.fetch(MODEL.id(), Lab.from(source, "modelscope"));

        assertThat(alone).hasMessageContaining("it is empty, but the info of the repository names 3 files");
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "modelscope"})
    void aRepositoryThatIsEmptyIsSaidToBe(String source) throws Exception {
        Running.Ended ended = lab.program().run(BARE.id(), "--source", source).exits(0);

        assertThat(ended.path()).isEmptyDirectory();
        assertThat(ended.err()).contains("nothing to fetch: ").contains(" is empty at ");
    }

    @ParameterizedTest
    @CsvSource({"huggingface, text/html", "mirror, text/plain", "modelscope, text/html", "modelscope, text/plain"})
    void labelsAreNotBelieved(String source, String label) throws IOException {
        hub(source).faults().add(Fault.header("Content-Type", label));
        hub(source).dataFaults().add(Fault.header("Content-Type", label));

        Snapshot result = lab.fetch(MODEL.id(), source);

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "index.html", "model.bin"})
    void aPageInPlaceOfAFileIsNeverStored(String path) throws IOException {
        for (MiniHub<?> hub : List.of(lab.hubs().huggingFace(), lab.hubs().modelScope())) {
            hub.faults().add(Fault.webPage().onFile(path));
            hub.dataFaults().add(Fault.webPage().onFile(path));
        }

        FetchException.Unreachable e =
                lab.failure(FetchException.Unreachable.class, MODEL.id(), Lab.from("huggingface", "modelscope"));

        assertThat(e)
                .hasMessageContaining(
                        path.endsWith(".html") ? "the listing says 47" : "a web page instead of the file");
        assertThat(lab.filesAtHome()).noneMatch(file -> file.endsWith(path));
    }

    @Test
    void aCaptivePortalIsNoHub() {
        hub("huggingface").faults().add(Fault.webPage());

        assertThat(lab.failure(FetchException.Unreachable.class, MODEL.id(), Lab.from("huggingface")))
                .hasMessageContaining("a web page instead of data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void oneAnswerOfTheWrongLengthIsOneAnswer(String source) throws IOException {
        hub(source)
                .faults()
                .add(Fault.answer(200, "text/plain", "").onFile("README.md").times(1));
        hub(source)
                .faults()
                .add(Fault.answer(200, JSON, OVERLOADED).onFile("index.html").times(1));

        Snapshot result = lab.fetch(MODEL.id(), source);

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
    }

    @Test
    void whatAHubSaysInPlaceOfAFileIsPassedOn() {
        Fault closed = Fault.answer(200, JSON, "{\"error\": \"Storage is closed\"}");
        hub("huggingface").faults().add(closed.onFile("README.md"));
        hub("modelscope").faults().add(Fault.answer(200, JSON, OVERLOADED).onFile("README.md"));

        assertThat(failureOf("huggingface")).hasMessageContaining("Storage is closed");
        assertThat(failureOf("modelscope")).hasMessageContaining("Error 1461: overloaded");
    }

    @ParameterizedTest
    @CsvSource({"huggingface, /tree/", "mirror, /tree/", "modelscope, repo/files"})
    void aGuardThatStopsAListingTwiceIsOutlasted(String source, String listing) throws IOException {
        hub(source).faults().add(GUARD.on(listing).times(2));

        Snapshot result = lab.fetch(MODEL.id(), source);

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void aGuardThatStopsAFileOnceIsOutlasted(String source) throws IOException {
        hub(source).faults().add(GUARD.onFile("README.md").times(1));

        Snapshot result = lab.fetch(MODEL.id(), source);

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
    }

    @Test
    void aGuardThatStaysIsNamedWithoutItsPage() {
        hub("modelscope").faults().add(GUARD.on("repo/files"));

        assertThat(lab.failure(FetchException.Unreachable.class, MODEL.id(), Lab.impatiently(Lab.from("modelscope"))))
                .hasMessageContaining("HTTP 403 from 127.0.0.1")
                .hasMessageNotContaining("html");
    }

    private FetchException.Unreachable failureOf(String source) {
        return lab.failure(FetchException.Unreachable.class, MODEL.id(), Lab.impatiently(Lab.from(source)));
    }

    private MiniHub<?> hub(String source) {
        return switch (source) {
            case "huggingface" -> lab.hubs().huggingFace();
            case "mirror" -> lab.hubs().mirror();
            default -> lab.hubs().modelScope();
        };
    }
}

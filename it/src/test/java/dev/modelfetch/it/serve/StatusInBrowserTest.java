package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of a box as a browser without a screen shows it; its picture is in {@code target/serve-status.png}. */
@Tag("serve")
class StatusInBrowserTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private Tool.Ended chromium(String url, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                "chromium",
                "--headless",
                // As whoever it is, in a container too.
                "--no-sandbox",
                "--disable-gpu",
                "--window-size=1000,700",
                "--timeout=5000",
                "--user-data-dir=" + lab.home().resolve("chromium")));
        line.addAll(List.of(options));
        line.add(url);
        return Tool.run(lab.home(), line);
    }

    @Test
    void itShowsWhatIsFilledAndNeedsNothingElse() throws Exception {
        Served box = boxes.box("--cache-size", "3G");
        assertThat(box.get("/acme-lab/served/resolve/main/config.json").status())
                .isEqualTo(200);
        boxes.slowDown(300 << 10);
        HttpResponse<InputStream> reader =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        Awaitility.await()
                .until(() -> box.get("/-/status")
                                .json()
                                .getAsJsonArray("fillings")
                                .get(0)
                                .getAsJsonObject()
                                .get("rate")
                                .getAsLong()
                        > 0);

        Path picture = Path.of("target", "serve-status.png").toAbsolutePath();
        Files.deleteIfExists(picture);
        chromium(box.endpoint() + "/-/status", "--screenshot=" + picture).exits(0);
        String page =
                chromium(box.endpoint() + "/-/status", "--dump-dom").exits(0).out();

        assertThat(page)
                .contains("<title>Modelfetch</title>", "export HF_ENDPOINT=" + box.endpoint())
                .contains(Samples.ID, Samples.BIG, "<progress", "Free on the disk", "of 3", " MB")
                .doesNotContain("src=", "href=", "<script", "@import", "url(");
        assertThat(Files.size(picture)).isPositive();
        reader.body().close();
    }
}

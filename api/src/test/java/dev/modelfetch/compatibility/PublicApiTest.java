package dev.modelfetch.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Modelfetch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What others can compile against is what {@code api.txt} says. Whoever changes it says so, and the review sees it:
 *
 * <pre>
 * mvn -pl api test -Dtest=PublicApiTest -Dapi.accept=additions
 * mvn -pl api test -Dtest=PublicApiTest -Dapi.accept=all        (breaks what others have compiled or implemented)
 * </pre>
 */
class PublicApiTest {

    private static final Path ACCEPTED = Path.of("src/test/resources/dev/modelfetch/compatibility/api.txt");

    @Test
    void isWhatWasAccepted() throws IOException, URISyntaxException {
        PublicApi now = PublicApi.of(
                Path.of(Modelfetch.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()),
                "dev.modelfetch.internal.");
        PublicApi before = PublicApi.parse(Files.exists(ACCEPTED) ? Files.readString(ACCEPTED) : "");
        PublicApi added = now.without(before);
        PublicApi gone = before.without(now);
        PublicApi demanded = added.demandsOf(before);
        String accept = System.getProperty("api.accept", "");
        boolean harmless = gone.isEmpty() && demanded.isEmpty();
        if (accept.equals("all") || (accept.equals("additions") && harmless)) {
            Files.writeString(ACCEPTED, now.text());
            return;
        }

        assertThat(gone.text())
                .as("gone, or no longer what others have compiled against; accepted with -Dapi.accept=all")
                .isEmpty();
        assertThat(demanded.text())
                .as("asked of those who implement a type that was there before; accepted with -Dapi.accept=all")
                .isEmpty();
        assertThat(added.text())
                .as("new, and harmless; accepted with -Dapi.accept=additions")
                .isEmpty();
    }

    @Test
    void anAdditionIsToldFromWhatBreaksOthers() {
        PublicApi before = PublicApi.parse("""
                lib.Door is interface
                    abstract void open()
                lib.Key is sealed interface
                    permits lib.Latch
                lib.Latch is record
                    new(int)
                """);
        PublicApi now = PublicApi.parse("""
                lib.Bell is interface
                    abstract void ring()
                lib.Door is interface
                    abstract void lock()
                    abstract void open()
                    default void close()
                lib.Key is sealed interface
                    abstract int teeth()
                    permits lib.Latch
                lib.Latch is record
                    new(int, int)
                """);

        PublicApi added = now.without(before);

        assertThat(before.without(now).text()).isEqualTo("""
                lib.Latch is record
                    new(int)
                """);
        assertThat(added.demandsOf(before).text()).isEqualTo("""
                lib.Door is interface
                    abstract void lock()
                """);
        assertThat(added.types().keySet())
                .containsExactly(
                        "lib.Bell is interface",
                        "lib.Door is interface",
                        "lib.Key is sealed interface",
                        "lib.Latch is record");
    }
}

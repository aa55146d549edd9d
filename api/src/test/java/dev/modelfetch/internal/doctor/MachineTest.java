package dev.modelfetch.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.Finding.State;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    @TempDir
    Path home;

    private Machine.Found found(Map<String, String> environment) {
        return new Machine(Settings.of(new Settings.Said(
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        environment,
                        List.of(),
                        false,
                        Transport.USUAL)))
                .call();
    }

    private static Finding of(Check check, Machine.Found found) {
        return found.findings().stream()
                .filter(finding -> finding.check() == check)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theCacheIsTriedOutWhereItWouldBeAndNothingIsLeft() throws Exception {
        Machine.Found found = found(Map.of("HF_HOME", home.resolve("hf").toString()));

        assertThat(found.works()).isTrue();
        assertThat(of(Check.CACHE, found).values())
                .containsExactly(home.resolve("hf/hub").toString(), "HF_HOME");
        assertThat(of(Check.LINKS, found).code()).isEqualTo("links-work");
        assertThat(of(Check.LOCKS, found).code()).isEqualTo("locks-work");
        try (var left = Files.list(home)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aPlaceWhereNothingCanBeStoredIsNamedWithTheSettingBehindIt() throws Exception {
        Path file = Files.createFile(home.resolve("file"));

        Machine.Found found = found(Map.of("HF_HUB_CACHE", file.resolve("hub").toString()));

        assertThat(found.works()).isFalse();
        assertThat(of(Check.CACHE, found).state()).isEqualTo(State.PROBLEM);
        assertThat(of(Check.CACHE, found).values())
                .startsWith(file.resolve("hub").toString(), "HF_HUB_CACHE");
        assertThat(of(Check.CACHE, found).hints()).isNotEmpty();
    }

    @Test
    void whoeverWantsNoLinksIsToldWhatThatCosts() {
        Machine.Found found = found(Map.of("HF_HOME", home.toString(), "HF_HUB_DISABLE_SYMLINKS", "1"));

        assertThat(of(Check.LINKS, found).state()).isEqualTo(State.NOTE);
        assertThat(of(Check.LINKS, found).values()).containsExactly("HF_HUB_DISABLE_SYMLINKS");
    }
}

package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Modelfetch;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliModuleTest {

    @TempDir
    Path temp;

    private Setup setup(Map<String, String> tokens) {
        return new Setup(Map.of(), tokens, Map.of(), Map.of(), null, temp, null, Map.of("HOME", temp.toString()));
    }

    @Test
    void theRealEngineAnswers() {
        try (Modelfetch modelfetch = CliModule.open(setup(Map.of()))) {
            assertThatThrownBy(() -> modelfetch.verify(temp)).isInstanceOf(FetchException.NotStored.class);
        }
    }

    @Test
    void aSettingThatMakesNoSenseIsAUsageErrorAndNotAFailedInjection() {
        assertThatThrownBy(() -> CliModule.open(setup(Map.of("mirror", "not a token"))))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("mirror")
                .hasMessageNotContaining("not a token");
    }
}

package dev.modelfetch.spring;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchProgress;
import dev.modelfetch.FetchProgress.Phase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the models of an application are, in the words of its health page.
 *
 * @param status {@code UP} if all that are required are there, {@code OUT_OF_SERVICE} while they are on their way, {@code
 *     DOWN} if one cannot be had
 * @param details of each model that has been begun, by its name
 */
record Standing(String status, Map<String, Object> details) {

    static Standing of(ModelfetchModels models) {
        Map<String, Object> details = new TreeMap<>();
        Map<String, FetchJob> jobs = models.begun();
        jobs.forEach((name, job) -> details.put(name, details(job)));
        Set<String> required = models.required();
        if (required.stream().allMatch(name -> is(Phase.DONE, jobs.get(name)))) {
            return new Standing("UP", details);
        }
        boolean failed = required.stream().anyMatch(name -> is(Phase.FAILED, jobs.get(name)));
        return new Standing(failed ? "DOWN" : "OUT_OF_SERVICE", details);
    }

    private static boolean is(Phase phase, @Nullable FetchJob job) {
        return job != null && job.progress().phase() == phase;
    }

    private static Map<String, Object> details(FetchJob job) {
        Map<String, Object> details = new LinkedHashMap<>();
        FetchProgress progress = job.progress();
        details.put("repo", job.request().repo().toString());
        details.put("phase", progress.phase().word());
        progress.percent().ifPresent(percent -> details.put("percent", percent));
        ModelfetchModels.failure(job).ifPresent(failure -> {
            details.put("error", String.valueOf(failure.getMessage()));
            if (failure instanceof FetchException explained) {
                details.put("hint", explained.hint());
            }
        });
        return details;
    }
}

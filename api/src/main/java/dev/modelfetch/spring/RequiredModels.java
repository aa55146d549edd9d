package dev.modelfetch.spring;

import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchProgress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;

/**
 * Keeps the application from becoming ready before its required models are there: it is live by then, and other runners
 * come after this one and find the models. The first that cannot be had ends the start.
 */
final class RequiredModels implements ApplicationRunner, Ordered {

    private static final Logger LOG = System.getLogger("dev.modelfetch.spring");
    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(30);

    /** Without this model the application does not start. */
    static final class Missing extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Missing(String name, Throwable failure) {
            super("The application needs its model " + name + " and cannot have it.", failure);
        }
    }

    private final ModelfetchModels models;
    private final Duration betweenWords;

    RequiredModels(ModelfetchModels models) {
        this(models, BETWEEN_WORDS);
    }

    /** @param betweenWords how often it is said what the application waits for */
    RequiredModels(ModelfetchModels models, Duration betweenWords) {
        this.models = models;
        this.betweenWords = betweenWords;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        Map<String, FetchJob> jobs = new TreeMap<>();
        models.required().forEach(name -> jobs.put(name, models.job(name)));
        CompletableFuture<Void> over = over(jobs.values());
        while (!isDone(over)) {
            LOG.log(Level.INFO, () -> "Not ready before its models are: " + words(jobs) + ".");
        }
        // What ends because the application is being stopped is no failure to start.
        if (models.isRunning()) {
            jobs.forEach(RequiredModels::check);
        }
    }

    /** Ends when all have ended well, or one has not. */
    private static CompletableFuture<Void> over(Collection<FetchJob> jobs) {
        CompletableFuture<Void> over =
                CompletableFuture.allOf(jobs.stream().map(FetchJob::result).toArray(CompletableFuture<?>[]::new));
        for (FetchJob job : jobs) {
            var unused = job.result().exceptionally(failure -> {
                over.completeExceptionally(failure);
                return null;
            });
        }
        return over;
    }

    /** Waits for a while. */
    private boolean isDone(CompletableFuture<Void> over) throws InterruptedException {
        try {
            over.get(betweenWords.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            // Whose failure that is, its own job knows.
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static void check(String name, FetchJob job) {
        ModelfetchModels.failure(job).ifPresent(failure -> {
            throw new Missing(name, failure);
        });
    }

    private static String words(Map<String, FetchJob> jobs) {
        return jobs.entrySet().stream()
                .map(job -> job.getKey() + " " + words(job.getValue().progress()))
                .collect(Collectors.joining(", "));
    }

    private static String words(FetchProgress progress) {
        return progress.percent().isPresent()
                ? progress.phase().word() + " " + progress.percent().getAsInt() + " %"
                : progress.phase().word();
    }
}

/**
 * For applications of Spring Boot 3.5 and 4, which find it by themselves; nothing else in Modelfetch needs it. Name what
 * the application needs, and it is fetched as the application starts:
 *
 * <pre>{@code
 * modelfetch:
 *   cache-directory: /models
 *   models:
 *     chat:
 *       repo: Qwen/Qwen2.5-0.5B-Instruct
 *       weights: best
 *     reranker:
 *       repo: BAAI/bge-reranker-base
 *       required: false
 * }</pre>
 *
 * <p>and take it from there:
 *
 * <pre>{@code
 * @Component
 * class Chat implements ApplicationRunner {
 *     private final ModelfetchModels models;
 *
 *     Chat(ModelfetchModels models) {
 *         this.models = models;
 *     }
 *
 *     @Override
 *     public void run(ApplicationArguments arguments) {
 *         load(models.path("chat"));
 *     }
 * }
 * }</pre>
 *
 * <p>The web server answers while models come, so the application is live; it is ready ({@code ReadinessState}) once
 * those are there that are required, as they are unless said otherwise, and does not start if one cannot be had: the
 * reason and the remedy are printed. Runners come after that and find them. A constructor may wait for a model too, but
 * makes everything behind it wait. With Actuator the health component {@code modelfetch} says how far they are.
 *
 * <p>{@link dev.modelfetch.Modelfetch} itself is a bean, for whatever is asked for later: set up by the properties
 * ({@link ModelfetchProperties}), by {@link ModelfetchCustomizer} beans, and with {@link
 * dev.modelfetch.spi.ModelSourceProvider} beans as further sources. Its meters
 * ({@link dev.modelfetch.micrometer.ModelfetchMetrics}) are in the application's registry. Its threads are virtual where
 * the application's are. With the application its jobs end, within a second, and what they had is kept for the next
 * start.
 */
@NullMarked
package dev.modelfetch.spring;

import org.jspecify.annotations.NullMarked;

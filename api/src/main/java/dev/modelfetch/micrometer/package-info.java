/**
 * For programs that measure with Micrometer; nothing else in Modelfetch needs it. A service wants to know how long its
 * models take, from whom they come, and which source lets it down:
 *
 * <pre>{@code
 * ModelfetchMetrics metrics = new ModelfetchMetrics();
 * metrics.bindTo(registry);
 * Modelfetch modelfetch = Modelfetch.builder().listener(metrics).build();
 * }</pre>
 *
 * <p>Under Spring Boot that is done already, see {@link dev.modelfetch.spring}.
 */
@NullMarked
package dev.modelfetch.micrometer;

import org.jspecify.annotations.NullMarked;

/**
 * Gets a model or dataset from whichever hub answers first, verified.
 *
 * <pre>{@code
 * try (Modelfetch modelfetch = Modelfetch.fromEnvironment()) {
 *     Snapshot result = modelfetch.fetch(FetchRequest.of("deepseek-ai/DeepSeek-R1"));
 *     load(result.path());
 * }
 * }</pre>
 *
 * <p>Everything here is a value or the front door; nothing is null unless it says so.
 */
@NullMarked
package dev.modelfetch;

import org.jspecify.annotations.NullMarked;

/**
 * Gets a model or dataset from whichever hub answers first, verified.
 *
 * <pre>{@code
 * try (Modelfetch modelfetch = Modelfetch.fromEnvironment()) {
 *     Snapshot snapshot = modelfetch.fetch(FetchRequest.of("deepseek-ai/DeepSeek-R1"));
 *     load(snapshot.file("config.json"));
 * }
 * }</pre>
 *
 * <p>{@link dev.modelfetch.Modelfetch} is the front door, built once and shared. A {@link dev.modelfetch.FetchRequest} says
 * what is wanted: which {@link dev.modelfetch.Repo repository}, which {@link dev.modelfetch.Selection files}, from {@link
 * dev.modelfetch.SourceChoice whom}, to {@link dev.modelfetch.Destination where}. {@code fetch} waits for the {@link
 * dev.modelfetch.Snapshot}; {@code start} gives a {@link dev.modelfetch.FetchJob} to be watched, slowed down and stopped,
 * and a {@link dev.modelfetch.FetchListener} is told what happens, one {@link dev.modelfetch.FetchEvent} at a time.
 *
 * <p>On the way every source is {@link dev.modelfetch.Probe asked} and says its {@link dev.modelfetch.Verdict}; one of them
 * gives the {@link dev.modelfetch.Manifest}, the list of files at one commit. Bytes may come from any source whose listing
 * proves the same content; who vouches for a file in the end is its {@link dev.modelfetch.Verification}. A {@link
 * dev.modelfetch.LockFile} pins all of it for the next time.
 *
 * <p>Whatever goes wrong outside the program is a {@link dev.modelfetch.FetchException}: unchecked, sealed, with a {@link
 * dev.modelfetch.Hint} for people. Everything here is a value or the front door; nothing is null unless it says so, and
 * everything but the builders may be shared between threads.
 */
@NullMarked
package dev.modelfetch;

import org.jspecify.annotations.NullMarked;

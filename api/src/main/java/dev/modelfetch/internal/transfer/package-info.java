/**
 * From a file to be had to its bytes. Three small machines, and beside them what they share:
 *
 * <ol>
 *   <li>Files: {@code Transfer} runs a plan, {@code FileWorkers} are the threads that take files from its queue, and
 *       {@code FileTransfer} is the life of one: find, or open, fill, publish.
 *   <li>One file: {@code Fill} has a partial file filled in rounds and proves it, {@code FrontierHash} follows the front,
 *       {@code Failover} says who is asked next.
 *   <li>Ranges: {@code RangeWorkers} are the threads of one fill, {@code Segments} their pieces, an {@code Exchange} is a
 *       request ({@code RangeRequest}) and a {@code Delivery} of bytes into the {@code FileSink}. What goes wrong is a
 *       {@code Fault}.
 *   <li>Beside them, for the whole job: {@code ConnectionBudget}, which lets workers in at a {@code Place}, with a {@code
 *       Quota} for each source, one {@code GrowthTrial} at a time, and what is known of each {@code DataHost}; {@code
 *       Throttle}; and {@code Watchdog}, which sees what no single connection can know.
 * </ol>
 *
 * <p><b>Locks.</b> Each class that is guarded says so; the monitors are taken in this order, never the other way:
 *
 * <ol>
 *   <li>{@code Failover}, of one file;
 *   <li>{@code ConnectionBudget}, of the job, for its quotas and its trial as well;
 *   <li>{@code FrontierHash}, of one round of a file, then that of the partial file.
 * </ol>
 *
 * {@code Segments}, {@code Meter}, {@code Throttle} stand alone: no other monitor is taken inside of theirs, nor theirs
 * inside of another. Whoever waits holds nothing but the monitor it waits on. Listeners, sources, calls and the choice
 * of sources are never called with a monitor held.
 */
@NullMarked
package dev.modelfetch.internal.transfer;

import org.jspecify.annotations.NullMarked;

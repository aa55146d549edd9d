/**
 * Hubs to test with. What they hold is said with {@link dev.modelfetch.testing.hub.Repository} and {@link
 * dev.modelfetch.testing.hub.Content}. {@link dev.modelfetch.testing.hub.MemoryHub} needs no network at all; {@link
 * dev.modelfetch.testing.hub.MiniHubs} are three small servers on loopback that speak the real protocols, misbehave on demand
 * ({@link dev.modelfetch.testing.hub.Fault}, {@link dev.modelfetch.testing.hub.Outage}) and remember what they were asked
 * ({@link dev.modelfetch.testing.hub.Ledger}).
 */
@NullMarked
package dev.modelfetch.testing.hub;

import org.jspecify.annotations.NullMarked;

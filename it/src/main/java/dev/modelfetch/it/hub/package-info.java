/**
 * Three small hubs on loopback that speak the real protocols, misbehave on demand and remember what they were asked.
 * Start with {@link dev.modelfetch.it.hub.MiniHubs}.
 */
@NullMarked
package dev.modelfetch.it.hub;

import org.jspecify.annotations.NullMarked;

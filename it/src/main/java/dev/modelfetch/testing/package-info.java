/**
 * For the tests of programs that embed Modelfetch, and of sources that others write. {@link
 * dev.modelfetch.testing.hub.MemoryHub} stands in for all hubs, without a network; {@link
 * dev.modelfetch.testing.hub.MiniHubs} are the real protocols on loopback, with every fault on demand; {@link
 * dev.modelfetch.testing.ModelSourceContract} is what a source has to pass.
 */
@NullMarked
package dev.modelfetch.testing;

import org.jspecify.annotations.NullMarked;

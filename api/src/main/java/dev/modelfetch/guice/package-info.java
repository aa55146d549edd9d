/** For programs that use Guice; nothing else in Modelfetch needs it. */
@NullMarked
package dev.modelfetch.guice;

import org.jspecify.annotations.NullMarked;

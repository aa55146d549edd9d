/** A file in the making: its data, with holes, and a journal of what is there and from whom. */
@NullMarked
package dev.modelfetch.internal.store.partial;

import org.jspecify.annotations.NullMarked;

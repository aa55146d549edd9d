/** A hub cache as a whole: what is in it, and how to make it smaller. */
@NullMarked
package dev.modelfetch.internal.store.cache;

import org.jspecify.annotations.NullMarked;

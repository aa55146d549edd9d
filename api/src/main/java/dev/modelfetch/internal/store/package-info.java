/** Everything that speaks files: partial data, journals, the hub cache, plain directories. */
@NullMarked
package dev.modelfetch.internal.store;

import org.jspecify.annotations.NullMarked;

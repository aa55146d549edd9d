/** Looks at what a fetch depends on, and says what stands in its way. */
@NullMarked
package dev.modelfetch.internal.doctor;

import org.jspecify.annotations.NullMarked;

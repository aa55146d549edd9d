/** The whole product against miniature hubs, one class for each situation a user can be in. */
@NullMarked
package dev.modelfetch.it.e2e;

import org.jspecify.annotations.NullMarked;

/** The verbs: race, bind, plan, transfer, and the job that tells them as one story. */
@NullMarked
package dev.modelfetch.internal.engine;

import org.jspecify.annotations.NullMarked;

/** The verbs: ask, plan, transfer, answer from what is stored, and the job that tells them as one story. */
@NullMarked
package dev.modelfetch.internal.engine;

import org.jspecify.annotations.NullMarked;

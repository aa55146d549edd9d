/** What every step of a job is handed: how it is stopped, whom it tells, its threads, and the numbers of the engine. */
@NullMarked
package dev.modelfetch.internal.run;

import org.jspecify.annotations.NullMarked;

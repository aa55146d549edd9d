/** From a file to be had to its bytes: workers for files, one file's life, workers for ranges, and the connections they share. */
@NullMarked
package dev.modelfetch.internal.transfer;

import org.jspecify.annotations.NullMarked;

/** The command line: words in, one line or one object out, and a progress display in between. */
@NullMarked
package dev.modelfetch.cli;

import org.jspecify.annotations.NullMarked;

/** The command line: words in, one line or one object out. What is seen of it is made by {@code cli.screen}. */
@NullMarked
package dev.modelfetch.cli;

import org.jspecify.annotations.NullMarked;

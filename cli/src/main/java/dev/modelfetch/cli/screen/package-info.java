/** What people and scripts see: lines, tables, bars, JSON and the language they are in. Knows nothing of options. */
@NullMarked
package dev.modelfetch.cli.screen;

import org.jspecify.annotations.NullMarked;

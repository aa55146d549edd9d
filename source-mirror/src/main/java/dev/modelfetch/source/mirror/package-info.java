/** Hosts that answer for the Hub: the same protocol, less trust (mirrors.md 1.10). */
@NullMarked
package dev.modelfetch.source.mirror;

import org.jspecify.annotations.NullMarked;

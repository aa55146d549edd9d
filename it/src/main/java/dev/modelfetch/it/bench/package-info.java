/**
 * The benchmark: this program and its peers, one after the other, against the same shaped servers on loopback. Started
 * with {@code mvn -Pbench}; see docs/tests.md.
 */
@NullMarked
package dev.modelfetch.it.bench;

import org.jspecify.annotations.NullMarked;

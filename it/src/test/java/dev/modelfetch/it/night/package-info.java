/** One job through a night in which everything goes away, over and over. Half a minute, or {@code mvn -Pnight}. */
@NullMarked
package dev.modelfetch.it.night;

import org.jspecify.annotations.NullMarked;

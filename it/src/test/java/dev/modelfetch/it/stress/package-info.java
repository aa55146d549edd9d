/** The program ended by force, over and over, at moments nobody chose. Minutes; {@code mvn -Pstress}. */
@NullMarked
package dev.modelfetch.it.stress;

import org.jspecify.annotations.NullMarked;

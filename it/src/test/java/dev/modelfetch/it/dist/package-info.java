/** What people install, installed as they do on a machine without Java: {@code mvn -Pdist package}. */
@NullMarked
package dev.modelfetch.it.dist;

import org.jspecify.annotations.NullMarked;

/**
 * A source that is not part of the product, to show what one takes: a directory tree on any web server. Put it on the
 * class path together with a {@code META-INF/services} file that names the provider, and {@code --source tree} works.
 */
@NullMarked
package dev.modelfetch.it.sample;

import org.jspecify.annotations.NullMarked;

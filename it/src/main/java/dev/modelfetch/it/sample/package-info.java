/**
 * Sources that are not part of the product, to show what one takes: a directory tree on any web server, whose bytes the
 * engine asks for, and a plain directory, which hands them out itself. Put one on the class path together with a {@code
 * META-INF/services} file that names its provider, and {@code --source tree} or {@code --source directory} works.
 */
@NullMarked
package dev.modelfetch.it.sample;

import org.jspecify.annotations.NullMarked;

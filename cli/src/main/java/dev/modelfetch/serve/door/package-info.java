/** The web server in front of it, and the only place that knows which one that is. */
@NullMarked
package dev.modelfetch.serve.door;

import org.jspecify.annotations.NullMarked;

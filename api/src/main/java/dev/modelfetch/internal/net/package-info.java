/** Everything that speaks HTTP: routes, redirects, tokens, retries of small calls. */
@NullMarked
package dev.modelfetch.internal.net;

import org.jspecify.annotations.NullMarked;

/** Where tokens lie on this machine: files of the hubs' own tools, and one of ours. */
@NullMarked
package dev.modelfetch.internal.token;

import org.jspecify.annotations.NullMarked;

/** Who is logged in where. */
@NullMarked
package dev.modelfetch.internal.account;

import org.jspecify.annotations.NullMarked;

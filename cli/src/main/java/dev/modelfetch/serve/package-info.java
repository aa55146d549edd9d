/** What {@code fetch serve} answers, whatever server asks it: routes, documents, headers, ranges. */
@NullMarked
package dev.modelfetch.serve;

import org.jspecify.annotations.NullMarked;

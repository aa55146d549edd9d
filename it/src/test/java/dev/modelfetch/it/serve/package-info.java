/** {@code fetch serve} as a process of its own in front of the miniature hubs, and the depot behind it. */
package dev.modelfetch.it.serve;

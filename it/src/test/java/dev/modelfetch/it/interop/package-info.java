/** With the real Python clients: what each stores counts for the other, and they speak with the miniature hubs. */
@org.jspecify.annotations.NullMarked
package dev.modelfetch.it.interop;

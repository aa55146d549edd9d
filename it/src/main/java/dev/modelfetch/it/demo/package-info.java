/** The program against three miniature hubs, without a network. */
@NullMarked
package dev.modelfetch.it.demo;

import org.jspecify.annotations.NullMarked;

/** What was set once for the life of an engine: values over the environment over the configuration file. */
@NullMarked
package dev.modelfetch.internal.config;

import org.jspecify.annotations.NullMarked;

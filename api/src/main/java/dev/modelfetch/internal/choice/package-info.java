/** From the sources a job may ask to the manifest it will deliver: race, list, prove, and explain why nobody will do. */
@NullMarked
package dev.modelfetch.internal.choice;

import org.jspecify.annotations.NullMarked;

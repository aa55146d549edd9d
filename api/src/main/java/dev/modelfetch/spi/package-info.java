/**
 * What a hub has to answer so that Modelfetch can fetch from it. A source opens no files, keeps no threads, does not
 * sleep, retry, print, read the environment, follow redirects or see another source's token: the engine does all that.
 */
@NullMarked
package dev.modelfetch.spi;

import org.jspecify.annotations.NullMarked;

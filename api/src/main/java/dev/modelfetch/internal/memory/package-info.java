/**
 * What earlier jobs have learned of hubs, kept between runs (mirrors.md 5.9, step 7): who answered how soon and brought how
 * much on this network, and whose name is no secret. A file that cannot be used is as good as none.
 */
@NullMarked
package dev.modelfetch.internal.memory;

import org.jspecify.annotations.NullMarked;

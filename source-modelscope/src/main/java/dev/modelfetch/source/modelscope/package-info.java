/** ModelScope (the hub at modelscope.cn) as a source: its own catalogue, its own ids, SHA-256 for every file. */
@NullMarked
package dev.modelfetch.source.modelscope;

import org.jspecify.annotations.NullMarked;

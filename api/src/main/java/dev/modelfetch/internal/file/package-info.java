/** What any file needs: a safe path, a digest, a replacement that is never seen half done, and words for what went wrong. */
@NullMarked
package dev.modelfetch.internal.file;

import org.jspecify.annotations.NullMarked;

package dev.modelfetch;

import java.nio.file.Path;

/** What can be chosen for {@link Cache#planRemoval}. */
public sealed interface Evictable permits CachedRepo, CachedRevision {

    /** Its folder, absolute; by that it is recognised. */
    Path path();
}

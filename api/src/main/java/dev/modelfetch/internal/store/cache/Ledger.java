package dev.modelfetch.internal.store.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What deleting names makes free: bytes that have several go with the last of them. Not thread-safe. */
final class Ledger {

    private final Map<Object, Integer> names = new HashMap<>();

    /** @param known every name in the cache; bytes that have more elsewhere never become free */
    Ledger(Stream<Inode> known) {
        Map<Object, Integer> elsewhere = new HashMap<>();
        known.forEach(inode -> {
            names.merge(inode.key(), 1, Integer::sum);
            elsewhere.put(inode.key(), inode.names());
        });
        elsewhere.forEach((key, all) -> names.merge(key, all, Math::max));
    }

    /** One name of those bytes goes; says how many bytes become free. */
    long drop(Inode name) {
        return names.merge(name.key(), -1, Integer::sum) == 0 ? name.size() : 0;
    }
}

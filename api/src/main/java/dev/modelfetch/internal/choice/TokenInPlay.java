package dev.modelfetch.internal.choice;

import dev.modelfetch.internal.memory.SourceMemory;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.spi.Account;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The token of a source, as far as it matters to whom a name may be shown.
 *
 * @param secret never looked at, but for a hash to know it again
 * @param memory of whose repositories it can see
 * @param without the same source, which shows nobody the token; made when first asked for
 */
record TokenInPlay(Secret secret, SourceMemory memory, Supplier<Source> without) {

    /** Whether a repository that only this token can see may be of that owner; empty if that is not known. */
    Optional<Boolean> mayOwn(String owner) {
        return memory.mayOwn(secret.fingerprint(), owner);
    }

    /** Remembers whose it is, if that tells all. */
    void learn(Account account) {
        if (!account.owners().isEmpty()) {
            memory.owners(secret.fingerprint(), account.owners());
        }
    }
}

package dev.modelfetch.serve;

import dev.modelfetch.Caller;
import dev.modelfetch.Repo;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param caller for the hubs
 * @param account in this box; empty where it has none, and for what everybody may ask
 */
record Visitor(Caller caller, Optional<Accounts.Account> account) {

    static final Visitor ANYBODY = new Visitor(Caller.ANONYMOUS, Optional.empty());

    /** By the token of a hub. */
    static Visitor of(Caller caller) {
        return new Visitor(caller, Optional.empty());
    }

    static Visitor of(Accounts.Account account) {
        return new Visitor(account.caller(), Optional.of(account));
    }

    /** Whether nothing is kept from them. */
    boolean mayReadAll() {
        return account.isEmpty() || account.get().mayReadAll();
    }

    /** Whether this box lets them see it, whatever the hubs say. */
    boolean mayRead(Repo repo) {
        return account.isEmpty() || account.get().mayRead(repo);
    }
}

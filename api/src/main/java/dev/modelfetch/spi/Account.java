package dev.modelfetch.spi;

import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whose token a source has been given. Made with {@link #of} and changed from there, which a new component does not break.
 *
 * @param name of the user
 * @param organisations of which the user is a member; empty if there are none or the hub does not tell them all
 * @param owners all names under which repositories can lie that this token can see and others cannot; empty if the hub
 *     does not tell them all
 * @param tokenName what the user calls the token; empty if the hub does not tell
 */
public record Account(String name, Set<String> organisations, Set<String> owners, Optional<String> tokenName) {

    public Account {
        Objects.requireNonNull(name, "name");
        organisations = Set.copyOf(organisations);
        owners = Set.copyOf(owners);
    }

    /** Of whom nothing else is known. */
    public static Account of(String name) {
        return new Account(name, Set.of(), Set.of(), Optional.empty());
    }

    /** The same user, who is a member of these organisations and of no other. */
    public Account withOrganisations(Collection<String> all) {
        Set<String> names = new HashSet<>(all);
        names.add(name);
        return new Account(name, new HashSet<>(all), names, tokenName);
    }

    /** The same user, whose token can see repositories of these owners besides those of all organisations. */
    public Account seeing(Collection<String> further) {
        Set<String> names = new HashSet<>(owners);
        names.addAll(further);
        return new Account(name, organisations, names, tokenName);
    }

    /** The same user with a token of that name. */
    public Account withTokenName(String called) {
        return new Account(name, organisations, owners, Optional.of(called));
    }
}

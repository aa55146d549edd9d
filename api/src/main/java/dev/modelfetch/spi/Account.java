package dev.modelfetch.spi;

import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Whose token a source has been given. Made with {@link #of} and changed from there, which a new component does not break.
 *
 * @param name of the user
 * @param owners all names under which repositories can lie that this token can see and others cannot; empty if the hub
 *     does not tell them all
 */
public record Account(String name, Set<String> owners) {

    public Account {
        Objects.requireNonNull(name, "name");
        owners = Set.copyOf(owners);
    }

    /** Of whom nothing else is known. */
    public static Account of(String name) {
        return new Account(name, Set.of());
    }

    /** The same user, who is a member of these organisations and of no other. */
    public Account withOrganisations(Collection<String> all) {
        Set<String> names = new HashSet<>(all);
        names.add(name);
        return new Account(name, names);
    }
}

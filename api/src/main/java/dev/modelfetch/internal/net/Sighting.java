package dev.modelfetch.internal.net;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Look} has seen of the way to an endpoint.
 *
 * @param way how requests travel there
 * @param named what its name leads to
 * @param addresses that the name has, as text; empty where nobody here looks it up
 * @param authority who vouches for its certificate; empty if none was shown, or none that is trusted
 * @param clockAhead by how much our clock is ahead of its own; negative if behind, empty if it does not say
 * @param trouble why there was no answer; empty if there was one, whatever it said
 */
public record Sighting(
        Routes.Reason way,
        Named named,
        List<String> addresses,
        Optional<Authority> authority,
        Optional<Duration> clockAhead,
        Optional<Trouble> trouble) {

    /** What comes of a name. */
    public enum Named {
        /** It is an address, and needs no looking up; or nobody has got so far. */
        NOTHING,
        /** The proxy looks it up. */
        BY_PROXY,
        /** Addresses such as a host of that name may have. */
        FOUND,
        /** An address out of the pool from which proxy tools hand them out for names they look up themselves. */
        FAKE,
        /** An address that no public host has. */
        NO_PUBLIC
    }

    /**
     * Whoever has signed a certificate that is trusted.
     *
     * @param known whether Java itself knows it, as opposed to somebody who has added it here
     */
    public record Authority(String name, boolean known) {}

    /** Where on the way it was. */
    public enum Place {
        PROXY,
        NAME,
        /** Nobody who is trusted has signed the certificate. */
        UNTRUSTED,
        /** The certificate is another host's. */
        OTHER_HOST,
        /** The certificate is not valid yet, or not any more. */
        TIME,
        CONNECTION
    }

    /**
     * @param words what it was, without a host; of a certificate that is not trusted, who has signed it
     * @param note what else is wrong, for example with a file of certificates
     */
    public record Trouble(Place place, String words, Optional<String> note) {
        Trouble(Place place, String words) {
            this(place, words, Optional.empty());
        }
    }
}

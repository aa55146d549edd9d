package dev.modelfetch;

import java.util.List;
import java.util.Optional;

/**
 * Whose token a source has.
 *
 * @param source its id
 * @param endpoint base address that has said so, without credentials
 * @param user name of the account; empty if the source has no such question
 * @param organisations of which the account is a member, in order; empty if there are none or the source does not tell
 * @param tokenName what the token is called at the source; empty if it does not tell
 * @param tokenFrom where the token comes from: a variable, a file
 * @param overruledBy what keeps a token that was just stored from being used, such as a variable that holds another
 */
public record Login(
        String source,
        String endpoint,
        Optional<String> user,
        List<String> organisations,
        Optional<String> tokenName,
        String tokenFrom,
        Optional<String> overruledBy) {
    public Login {
        organisations = List.copyOf(organisations);
    }
}

package dev.modelfetch;

import java.net.URI;
import java.util.Optional;

/**
 * Who is logged in where, with tokens that are kept on this machine between programs: those of Hugging Face where its own
 * tools keep them, so that both sides see the same, all others in a file of ours. Thread-safe.
 *
 * <p>A {@link Modelfetch} reads tokens when it first asks a source; what is changed here counts for those that are built
 * afterwards. One that was built without an environment keeps no tokens.
 */
public interface Accounts {

    /**
     * Asks a source whose token is in force there.
     *
     * @param source its id, or a short form
     * @throws FetchException.AccessDenied if there is no token, or the source refuses it
     * @throws FetchException.Unreachable if it does not answer, or cannot be asked that
     * @throws FetchException.NotStored if no connection may be made
     * @throws FetchException.Usage if there is no such source, or it is set up wrongly
     */
    Login whoami(String source);

    /**
     * Has a token checked by the source that it is for, and then keeps it, in place of the one before. A token that is
     * refused, or cannot be checked because nobody answers, changes nothing.
     *
     * @param source its id, or a short form
     * @param token shown to the endpoint that is in force for this source, and to nobody else
     * @return whose it is; without a name where the source has no such question, and the token was kept unchecked
     * @throws FetchException.AccessDenied if the source refuses it
     * @throws FetchException.Unreachable if it does not answer
     * @throws FetchException.NotStored if no connection may be made
     * @throws FetchException.Storage if it cannot be kept
     * @throws FetchException.Usage if it cannot be a token, there is no such source, or no place to keep it
     */
    Login login(String source, String token);

    /**
     * Deletes what is kept for a source; for Hugging Face all of its stored tokens, as its own tools do. No connection is
     * made.
     *
     * @param source its id, or a short form
     * @throws FetchException.Storage if it cannot be deleted
     * @throws FetchException.Usage if there is no such source, or no place where it would be kept
     */
    Logout logout(String source);

    /**
     * The page where users of a source make tokens.
     *
     * @param source its id, or a short form
     * @return empty if it is not known
     * @throws FetchException.Usage if there is no such source
     */
    Optional<URI> tokenPage(String source);
}

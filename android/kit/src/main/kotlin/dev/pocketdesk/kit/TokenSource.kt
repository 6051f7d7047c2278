package dev.pocketdesk.kit

import dev.pocketdesk.bindings.TokenException

/**
 * Gives the client the user's access token, from the app's own sign-in.
 *
 * Called on a background thread, one call at a time, and only when a token is needed. A call may take 30 seconds. A source that takes longer counts
 * as unavailable and is asked again later.
 */
public fun interface TokenSource {
    /**
     * Returns the bearer token of the signed-in user.
     *
     * @param refused whether the server refused the last token. A cached one is of no use then: fetch a fresh one.
     * @throws TokenException.SignedOut the user has to sign in first. Nothing is sent until then.
     * @throws TokenException.Unavailable there is no token now, without a network for example. The source is asked again later. Any other exception
     *   is treated in the same way.
     */
    public suspend fun token(refused: Boolean): String
}

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.TokenException
import dev.pocketdesk.bindings.TokenProvider
import dev.pocketdesk.bindings.TokenRequest
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/**
 * Where the desk gets the user's access token from: the host app's own sign-in.
 *
 * Called on a background thread, never more than one call at a time, and only when a token is needed. A call has 30 seconds; a source that takes
 * longer counts as unavailable and is asked again later.
 */
public fun interface TokenSource {
    /**
     * Returns the bearer token of the signed-in user.
     *
     * @param refused the desk refused the last token, so a cached one is of no use: fetch a fresh one.
     * @throws TokenException.SignedOut the user has to sign in first; nothing is sent until then.
     * @throws TokenException.Unavailable no token now, for example without a network; asked again later. Any other exception is treated the same way.
     */
    public suspend fun token(refused: Boolean): String
}

/**
 * Carries the core's blocking question to the suspending [source].
 *
 * [life] ends with the desk, so that closing it does not wait for a slow sign-in.
 */
internal class TokenBridge(
    private val source: TokenSource,
    private val life: Job,
) : TokenProvider {
    override fun token(request: TokenRequest): String =
        try {
            runBlocking(life) { withTimeout(LIMIT) { source.token(refused = request == TokenRequest.REFUSED) } }.wellFormed()
        } catch (e: TokenException) {
            throw e
        } catch (_: CancellationException) {
            throw TokenException.Unavailable()
        } catch (_: Throwable) {
            // An Error too: it must not cross into native code, where nobody could answer for it.
            throw TokenException.Unexpected()
        }

    private companion object {
        val LIMIT = 30.seconds
    }
}

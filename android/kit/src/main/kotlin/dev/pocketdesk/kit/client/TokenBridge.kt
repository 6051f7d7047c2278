package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.TokenException
import dev.pocketdesk.bindings.TokenProvider
import dev.pocketdesk.bindings.TokenRequest
import dev.pocketdesk.kit.TokenSource
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/**
 * Answers the core's blocking call with the suspending [source].
 *
 * [life] ends with the client, so that closing it does not wait for a slow sign-in.
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
            // Errors too: an Error that crosses into native code cannot be handled there.
            throw TokenException.Unexpected()
        }

    private companion object {
        val LIMIT = 30.seconds
    }
}

package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ChangeListener
import dev.pocketdesk.bindings.Changes
import dev.pocketdesk.bindings.Client
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.FfiConverterTypeChangeListener
import dev.pocketdesk.bindings.TokenException
import dev.pocketdesk.kit.SandboxTest
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.assertThrows
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.awaitStatus
import dev.pocketdesk.kit.configOf
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.openClient
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The app's own code, called by the core: whatever it does, the client goes on. */
class AppCodeTest : SandboxTest() {
    /** The token source fails with [problem] at first. The client answers meanwhile, and recovers when the source does. */
    private fun recoversFrom(problem: () -> Nothing): Unit =
        runBlocking {
            val broken = AtomicReference<(() -> Nothing)?>(problem)
            openClient(sandbox, folder, tokens = {
                broken.get()?.invoke()
                "ada-token"
            }).use { client ->
                client.awaitStatus("a first try to fail") { !it.syncing && !it.firstSyncDone && it.problem != null }
                assertEquals(0L, client.history().first().total)
                broken.set(null)
                client.syncNow()
                client.awaitFirstSync()
                Unit
            }
        }

    @Test
    fun `a token source that throws an exception`() = recoversFrom { throw IllegalStateException("no keychain") }

    @Test
    fun `a token source that throws an Error`() = recoversFrom { throw NoClassDefFoundError("com/example/SignIn") }

    @Test
    fun `a token source without a signed-in user says so`() =
        runBlocking {
            openClient(sandbox, folder, tokens = { throw TokenException.SignedOut() }).use { client ->
                val status = client.awaitStatus("being signed out") { it.problem == AccountProblem.SIGNED_OUT }
                assertLocalised(checkNotNull(status.problemKey))
            }
        }

    @Test
    fun `a token source that hangs blocks neither the client nor its closing`() =
        runBlocking {
            val asked = CompletableDeferred<Unit>()
            val client =
                openClient(sandbox, folder, tokens = {
                    asked.complete(Unit)
                    awaitCancellation()
                })
            withTimeout(10.seconds) {
                asked.await()
                client.submit(client.filledDraft("Written while the sign-in hangs"))
                assertEquals(1L, client.history().first().total)
                client.close()
            }
        }

    @Test
    fun `a collector that fails does not keep the others from hearing`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                client.awaitFirstSync()
                val failing = launch { runCatching { client.history().collect { error("a broken screen") } } }
                failing.join()
                val ticket = client.submit(client.filledDraft("Heard by the others"))
                client.history().await("the new ticket") { it.tickets.first().id == ticket }
                Unit
            }
        }

    /** Runs [listen] on the core's thread at the first change, and asserts that a second listener hears of the next one. */
    private fun survives(listen: (Client) -> Unit) {
        val client = Client.open(configOf(sandbox, folder), TokenBridge({ "ada-token" }, Job()))
        val called = CountDownLatch(1)
        val heard = CountDownLatch(1)
        val first =
            client.subscribe(
                listener {
                    if (called.count > 0) {
                        called.countDown()
                        listen(client)
                    }
                },
            )
        val second = client.subscribe(listener { if (called.count == 0L) heard.countDown() })
        client.saveTicketDraft(client.ticketDraft().copy(subject = "Something changes"))
        client.submit(client.ticketDraft().copy(subject = "Something changes", description = "Indeed"))
        check(called.await(20, TimeUnit.SECONDS)) { "the listener was not called" }
        client.submit(client.ticketDraft().copy(subject = "And changes again", description = "Indeed"))
        check(heard.await(20, TimeUnit.SECONDS)) { "the other listener was not called any more" }
        first.cancel()
        second.cancel()
        client.shutDown()
    }

    private fun listener(action: (Changes) -> Unit) =
        object : ChangeListener {
            override fun changed(changes: Changes) = action(changes)
        }

    @Test
    fun `a listener that throws an exception`() = survives { error("a broken listener") }

    @Test
    fun `a listener that throws an Error`() = survives { throw NoClassDefFoundError("com/example/Screen") }

    @Test
    fun `a listener that calls the client`() =
        survives { client ->
            client.history(null, 50u)
            client.syncNow()
        }

    @Test
    fun `a listener may close the client`() {
        val client = Client.open(configOf(sandbox, folder), TokenBridge({ "ada-token" }, Job()))
        val closed = CountDownLatch(1)
        client.subscribe(
            listener {
                client.shutDown()
                closed.countDown()
            },
        )
        try {
            client.syncNow()
        } catch (_: ClientException.Closed) {
            // The change of the first sync came earlier, and has closed the client already.
        }
        check(closed.await(20, TimeUnit.SECONDS)) { "closing from a listener hangs" }
        runBlocking { assertThrows<ClientException.Closed> { client.status() } }
    }

    @Test
    fun `a thousand subscriptions leave no handle`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                client.awaitFirstSync()
                val before = handles()
                val heard = AtomicInteger()
                repeat(1_000) {
                    val job = launch { client.status.collect { heard.incrementAndGet() } }
                    while (heard.get() <= it) delay(1.milliseconds)
                    job.cancelAndJoin()
                }
                // The core releases a listener when the task that calls it ends, which is soon but not immediate.
                withTimeout(20.seconds) { while (handles() > before) delay(10.milliseconds) }
            }
        }

    private fun handles() = FfiConverterTypeChangeListener.handleMap.size
}

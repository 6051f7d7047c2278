package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ChangeListener
import dev.pocketdesk.bindings.Changes
import dev.pocketdesk.bindings.Desk
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.FfiConverterTypeChangeListener
import dev.pocketdesk.bindings.TokenException
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

/** The host app's own code, called from the core: whatever it does, the desk goes on. */
class ForeignCodeTest : SandboxTest() {
    /** Fails with [problem] at first; the desk answers meanwhile, and recovers once the source does. */
    private fun recoversFrom(problem: () -> Nothing): Unit =
        runBlocking {
            val broken = AtomicReference<(() -> Nothing)?>(problem)
            openDesk(sandbox, folder, tokens = {
                broken.get()?.invoke()
                "ada-token"
            }).use { desk ->
                desk.awaitStatus("a first try to fail") { !it.syncing && !it.firstSyncDone && it.problem != null }
                assertEquals(0L, desk.history().first().total)
                broken.set(null)
                desk.syncNow()
                desk.awaitFirstSync()
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
            openDesk(sandbox, folder, tokens = { throw TokenException.SignedOut() }).use { desk ->
                desk.awaitStatus("being signed out") { it.problem == AccountProblem.SIGNED_OUT }
            }
            assertHasWords(AccountProblem.SIGNED_OUT.wordKey)
        }

    @Test
    fun `a token source that hangs holds up neither the desk nor its closing`() =
        runBlocking {
            val asked = CompletableDeferred<Unit>()
            val desk =
                openDesk(sandbox, folder, tokens = {
                    asked.complete(Unit)
                    awaitCancellation()
                })
            withTimeout(10.seconds) {
                asked.await()
                desk.submit(desk.filledDraft("Written while the sign-in hangs"))
                assertEquals(1L, desk.history().first().total)
                desk.close()
            }
        }

    @Test
    fun `a collector that fails does not keep the others from hearing`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.awaitFirstSync()
                val failing = launch { runCatching { desk.history().collect { error("a broken screen") } } }
                failing.join()
                val ticket = desk.submit(desk.filledDraft("Heard by the others"))
                desk.history().await("the new ticket") { it.tickets.first().id == ticket }
                Unit
            }
        }

    /** Runs [listen] on the core's own thread at the first change, and then wants a second listener to hear of another. */
    private fun survives(listen: (Desk) -> Unit) {
        val desk = Desk.open(configOf(sandbox, folder), TokenBridge({ "ada-token" }, Job()))
        val called = CountDownLatch(1)
        val heard = CountDownLatch(1)
        val first =
            desk.subscribe(
                listener {
                    if (called.count > 0) {
                        called.countDown()
                        listen(desk)
                    }
                },
            )
        val second = desk.subscribe(listener { if (called.count == 0L) heard.countDown() })
        desk.saveTicketDraft(desk.ticketDraft().copy(subject = "Something changes"))
        desk.submit(desk.ticketDraft().copy(subject = "Something changes", description = "Indeed"))
        check(called.await(20, TimeUnit.SECONDS)) { "the listener was not called" }
        desk.submit(desk.ticketDraft().copy(subject = "And changes again", description = "Indeed"))
        check(heard.await(20, TimeUnit.SECONDS)) { "the other listener was not called any more" }
        first.cancel()
        second.cancel()
        desk.shutDown()
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
    fun `a listener that calls back into the desk`() =
        survives { desk ->
            desk.history(null, 50u)
            desk.syncNow()
        }

    @Test
    fun `a listener may close the desk`() {
        val desk = Desk.open(configOf(sandbox, folder), TokenBridge({ "ada-token" }, Job()))
        val closed = CountDownLatch(1)
        desk.subscribe(
            listener {
                desk.shutDown()
                closed.countDown()
            },
        )
        try {
            desk.syncNow()
        } catch (_: DeskException.Closed) {
            // The first sync was quicker, and its change has closed the desk already.
        }
        check(closed.await(20, TimeUnit.SECONDS)) { "closing from a listener hangs" }
        runBlocking { assertThrows<DeskException.Closed> { desk.status() } }
    }

    @Test
    fun `a thousand subscriptions leave no handle`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.awaitFirstSync()
                val before = handles()
                val heard = AtomicInteger()
                repeat(1_000) {
                    val job = launch { desk.status.collect { heard.incrementAndGet() } }
                    while (heard.get() <= it) delay(1.milliseconds)
                    job.cancelAndJoin()
                }
                // The core lets go of a listener when the task that calls it ends, which is soon and not at once.
                withTimeout(20.seconds) { while (handles() > before) delay(10.milliseconds) }
            }
        }

    private fun handles() = FfiConverterTypeChangeListener.handleMap.size
}

package dev.pocketdesk.android

import androidx.lifecycle.Lifecycle
import androidx.lifecycle.LifecycleOwner
import androidx.lifecycle.LifecycleRegistry
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.BackgroundScheduler
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.PocketdeskPush
import dev.pocketdesk.kit.openWithoutAccount
import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.android.PhoneNetwork
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withFastConsistency
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.AfterClass
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotSame
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Assert.fail
import org.junit.BeforeClass
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The host has one client, tells it what the system says, and forgets it when the user signs out. */
@RunWith(AndroidJUnit4::class)
@Config(application = TestApplication::class)
class PocketdeskHostTest {
    private val application get() = ApplicationProvider.getApplicationContext<TestApplication>()
    private val network by lazy { PhoneNetwork(application) }

    private class Requests : BackgroundScheduler {
        val log = CopyOnWriteArrayList<String>()

        override fun schedule() {
            log += "schedule"
        }

        override fun cancel() {
            log += "cancel"
        }
    }

    private val requests = Requests()
    private var user: String? = "ada"
    private var opened = 0

    /** Whether there is a client although nobody is signed in. */
    private var helpsEverybody = false
    private var product = withFastConsistency(productFrom())
    private val app =
        object : LifecycleOwner {
            override val lifecycle = LifecycleRegistry.createUnsafe(this).apply { currentState = Lifecycle.State.CREATED }
        }

    private val host by lazy {
        PocketdeskHost(application, requests, ConnectivityObserver(application), app.lifecycle) { scheduler ->
            opened++
            val config = clientConfig(application, user, process.server.url, product).copy(sendDelaySeconds = 30u)
            when {
                user != null -> Pocketdesk.open(config, scheduler) { "ada-token" }
                helpsEverybody -> Pocketdesk.openWithoutAccount(config, scheduler)
                else -> null
            }
        }
    }

    @After
    fun close() {
        host.close()
        process.server.heal()
    }

    /** Waits for something that the host does on another thread. */
    private suspend fun eventually(
        what: String,
        condition: suspend () -> Boolean,
    ) = try {
        withTimeout(PATIENCE) { while (!condition()) delay(10.milliseconds) }
    } catch (e: Exception) {
        throw AssertionError("Waited $PATIENCE for $what", e)
    }

    @Test
    @Config(qualifiers = "de-rAT")
    fun `labels of the help desk's own are asked for in the language of the app`() {
        assertEquals("de-AT", clientConfig(application, "ada", "https://support.example.com").language)
        assertEquals("es", clientConfig(application, "ada", "https://support.example.com", language = "es").language)
    }

    @Test
    fun `concurrent calls return the same client`() =
        runBlocking {
            val clients = List(8) { async { host.client() } }.awaitAll()
            clients.forEach { assertSame(clients.first(), it) }
            assertEquals(1, opened)
        }

    @Test
    fun `a push message opens the client and has its ticket read although the app is not in front`() =
        runBlocking {
            network.goOnline()
            val before = checkNotNull(host.client())
            assertFalse(before.syncUntil(30.seconds).more)
            val tickets = before.history().first().tickets
            val row = tickets.first { it.visible && it.status.kind != StatusKind.CLOSED }
            val number = checkNotNull(row.number).toLong()
            // The system has ended the process. A message starts it again.
            host.forget()
            val text = "Ihre Auszahlung ist unterwegs. الدفعة في الطريق 🚚"
            process.server.answer(number, text)
            assertTrue(host.onPush(checkNotNull(PocketdeskPush.ticket(mapOf("pocketdesk_ticket" to "$number")))))
            assertEquals(2, opened)
            val after = checkNotNull(host.client())
            process.server.goOffline()
            val messages = after.thread(row.id).first().messages
            assertEquals(text, messages.last().body)
        }

    @Test
    fun `a push message that nobody is signed in for or whose client does not open harms nothing`() =
        runBlocking {
            user = null
            assertTrue(host.onPush(4_711))
            user = "ada"
            product = "{"
            assertFalse(host.onPush(4_711))
        }

    @Test
    fun `without a signed-in user there is no client until a user signs in`() =
        runBlocking {
            user = null
            assertNull(host.client())
            user = "ada"
            checkNotNull(host.client())
            assertEquals(2, opened)
        }

    @Test
    fun `before the sign-in there is a client without an account and afterwards that of the user`() =
        runBlocking {
            helpsEverybody = true
            user = null
            product = withFastConsistency(productFrom("impact-web@1"))
            val nobodys = checkNotNull(host.client())
            assertTrue(nobodys.product.anonymous)
            network.goOnline()
            val subject = "Die Mail zum Zurücksetzen kommt nicht 🔑"
            val draft =
                nobodys.ticketDraft().copy(
                    name = "Søren Müller-Østergård",
                    email = "søren@bücher.example",
                    subject = subject,
                    description = "Seit Montag kommt keine Mail.",
                )
            val ticket = nobodys.submit(draft)
            assertEquals("the system starts the app to send", listOf("schedule"), requests.log)
            assertTrue(host.sendWaiting(10.seconds))
            assertEquals(
                Delivery.Sent,
                nobodys
                    .thread(ticket)
                    .first()
                    .ticket.delivery,
            )
            assertEquals(1, process.server.tickets(subject).size)

            user = "ada"
            host.forget()
            val adas = checkNotNull(host.client())
            assertFalse(adas.product.anonymous)
            adas.status.first { it.firstSyncDone }
            assertTrue(
                adas
                    .history()
                    .first()
                    .tickets
                    .none { it.subject == subject },
            )

            user = null
            host.forget()
            val again = checkNotNull(host.client())
            assertEquals(
                "it is where it was written",
                listOf(subject),
                again
                    .history()
                    .first()
                    .tickets
                    .map { it.subject },
            )
        }

    @Test
    fun `a client that cannot be opened is tried again at the next call`() =
        runBlocking {
            user = ""
            try {
                host.client()
                fail("an account without a name was opened")
            } catch (_: OpenException.InvalidAccount) {
                user = "ada"
            }
            checkNotNull(host.client())
            Unit
        }

    @Test
    fun `background work is done without a user and tried again if the client cannot be opened`() =
        runBlocking {
            user = null
            assertTrue(host.sendWaiting(1.seconds))
            user = ""
            assertFalse(host.sendWaiting(1.seconds))
            user = "ada"
            assertTrue("nothing waits", host.sendWaiting(1.seconds))
        }

    @Test
    fun `a forgotten client is closed and its request for background work is taken back`() =
        runBlocking {
            val client = checkNotNull(host.client())
            client.submit(client.ticketDraft().copy(subject = "Before signing out", description = "Scheduled, then cancelled."))
            host.forget()
            assertEquals(listOf("schedule", "cancel"), requests.log)
            try {
                client.ticketDraft()
                fail("the client answers")
            } catch (_: ClientException.Closed) {
                eventually("no listener") { network.listeners == 0 }
            }
            assertNotSame(client, host.client())
        }

    @Test
    fun `the client follows the network and the front`() =
        runBlocking {
            val client = checkNotNull(host.client())
            client.status.first { it.firstSyncDone && it.online }
            network.goOffline()
            eventually("the client to be offline") { !client.status.first().online }
            network.goOnline()
            eventually("the client to be online") { client.status.first().online }

            val ticket = client.submit(client.ticketDraft().copy(subject = "In the background", description = "Sent without a delay."))
            eventually("a ticket written in the background to be sent") {
                client
                    .thread(ticket)
                    .first()
                    .ticket.row.number != null
            }
            app.lifecycle.currentState = Lifecycle.State.STARTED
            eventually("a reply that can be undone, because the app is in front") {
                val message = client.reply(client.replyDraft(ticket).copy(body = "May be undone."))
                client
                    .thread(ticket)
                    .first()
                    .messages
                    .single { it.id == message }
                    .delivery is Delivery.Held
            }
        }

    @Test
    fun `closing the client unregisters it from the network`() =
        runBlocking {
            host.client()
            eventually("a listener") { network.listeners == 1 }
            host.close()
            eventually("no listener") { network.listeners == 0 }
        }

    companion object {
        private val PATIENCE = 30.seconds
        private lateinit var process: SandboxProcess

        @JvmStatic
        @BeforeClass
        fun start() {
            process = SandboxProcess.start("--tickets", "30")
            TestApplication.sandbox = process.server
        }

        @JvmStatic
        @AfterClass
        fun stop() {
            process.close()
        }
    }
}

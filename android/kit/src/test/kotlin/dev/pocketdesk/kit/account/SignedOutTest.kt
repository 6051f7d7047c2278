package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FormField
import dev.pocketdesk.bindings.ReplyPlace
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.configOf
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.kit.create.NewTicketViewModel
import dev.pocketdesk.kit.openClient
import dev.pocketdesk.kit.openWithoutAccount
import dev.pocketdesk.kit.scenario.endWith
import dev.pocketdesk.kit.scenario.runProcess
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.kit.thread.ThreadViewModel
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withFastConsistency
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.file.Path
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private const val NAME = "Søren Müller-Østergård 🦊"
private const val EMAIL = "søren@bücher.example"
private const val TEXT = "Guten Tag,\n\nseit Montag kommt keine Mail zum Zurücksetzen. الرجاء المساعدة"

/** Opens the client of nobody. It is given no token source. */
private suspend fun openSignedOut(
    sandbox: SandboxServer,
    folder: Path,
): Pocketdesk {
    val product = withFastConsistency(productFrom("impact-web@1"))
    return Pocketdesk.openWithoutAccount(configOf(sandbox, folder).copy(product = product, sendDelaySeconds = 0u))
}

private suspend fun Pocketdesk.write(subject: String): Long =
    submit(ticketDraft().copy(name = NAME, email = EMAIL, subject = subject, issueType = "technical_setup", description = TEXT))

/** Writes a ticket without an account and without a network, in a process of its own. */
internal object SignedOutProcess {
    @JvmStatic
    fun main(arguments: Array<String>) =
        endWith {
            runBlocking {
                val client = openSignedOut(SandboxServer(arguments[0]), Path.of(arguments[1]))
                client.setOnline(false)
                client.write(arguments[2])
            }
        }
}

/** Tickets without an account, for those who have none yet or cannot sign in: with the real core and the sandbox server. */
class SignedOutTest : ViewModelTest() {
    private fun signedOut(test: suspend (Pocketdesk) -> Unit) = runBlocking { openSignedOut(sandbox, folder).use { test(it) } }

    /** The screen of a ticket, which is shown until the test ends. */
    private fun screenOf(
        client: Pocketdesk,
        ticket: Long,
    ) = ThreadViewModel(client, scope, ticket, "de").also { model -> scope.launch { model.state.collect {} } }

    private suspend fun ThreadViewModel.await(
        what: String,
        condition: (ThreadState.Shown) -> Boolean,
    ) = state.filterIsInstance<ThreadState.Shown>().await(what, condition = condition)

    private val ThreadState.Shown.message get() = messages.single()

    @Test
    fun `whoever is not signed in is offered the two ways to write and what was written once there is something`() =
        signedOut { client ->
            val strings = client.strings("de")
            val support = SupportViewModel(client, scope, strings, takesHostCalls = false)
            val ways = listOf("Noch kein Konto: Support kontaktieren", "Brauchen Sie Hilfe beim Anmelden?")
            val offered =
                support.state.value.entries
                    .takeLast(2)
            assertEquals(ways, offered.map { it.label })
            assertEquals(List(2) { HelpTarget.NewTicket(null) }, offered.map { it.target })
            assertTrue(
                "the history needs a ticket",
                support.state.value.entries
                    .none { it.target == HelpTarget.History },
            )
            client.setOnline(false)
            client.write("Ich kann mich nicht anmelden")
            support.state.await("what was written") { state -> state.entries.any { it.target == HelpTarget.History } && state.waiting == 1 }
            Unit
        }

    @Test
    fun `the form asks for name and address first and says what is wrong with them once they were left`() =
        signedOut { client ->
            val model = NewTicketViewModel(client, scope, pause = 20.milliseconds)
            val forms = model.state.filterIsInstance<NewTicketState.Editing>()
            forms.await("the form") { true }
            val asked = listOf(FormField.NAME, FormField.EMAIL, FormField.SUBJECT, FormField.ISSUE_TYPE, FormField.DESCRIPTION)
            assertEquals(asked, client.product.form)
            model.subject("Ich kann mich nicht anmelden")
            model.issueType("technical_setup")
            model.description(TEXT)
            model.email("søren@")
            val typing = forms.await("what was typed") { it.draft.email == "søren@" }
            assertNull(typing.problem(Field.EMAIL))
            assertFalse(typing.canCreate)
            model.visited(Field.NAME)
            model.visited(Field.EMAIL)
            val left = forms.await("both problems") { it.problem(Field.NAME) != null && it.problem(Field.EMAIL) != null }
            assertEquals("field.required" to "field.cc.malformed", left.problem(Field.NAME)?.key to left.problem(Field.EMAIL)?.key)
            model.name("👩‍👩‍👧‍👦".repeat(101))
            val long = forms.await("too long a name") { it.problem(Field.NAME)?.limit != null }
            assertEquals(101u to 100u, long.problem(Field.NAME)?.run { count to limit })
            model.name(NAME)
            model.email(EMAIL)
            forms.await("a complete form") { it.canCreate && it.check.messages.isEmpty() }
            model.leave()
            while (client.ticketDraft().email != EMAIL) Thread.yield()
            assertEquals("kept with the draft", NAME, client.ticketDraft().name)
        }

    @Test
    fun `a ticket survives the end of the process without a network and arrives exactly once without a token`() {
        val subject = "Ich kann mich nicht anmelden – الرجاء المساعدة 🔑"
        val authorized = sandbox.requests(authorized = true)
        sandbox.goOffline()
        val ticket = runProcess(SignedOutProcess::class.java, sandbox.url, folder.toString(), subject)
        sandbox.heal()
        assertTrue(sandbox.tickets(subject).isEmpty())
        signedOut { client ->
            val screen = screenOf(client, ticket)
            val sent = screen.await("it to be sent") { it.ticket.delivery == Delivery.Sent }
            assertEquals("Gesendet. Unsere Antwort kommt per E-Mail an $EMAIL.", sent.details.replyNote)
            assertEquals(ReplyPlace.NOTICE, sent.details.replyPlace)
            assertNull("nobody knows whose turn it is", sent.ticket.turnKey)
            assertNull(sent.details.explanation)
            client.syncUntil(10.seconds)
            val arrived = sandbox.tickets(subject).single()
            assertEquals(NAME to EMAIL, arrived.requester)
            assertEquals(listOf(TEXT), arrived.comments)
            assertEquals("no request had a token", authorized, sandbox.requests(authorized = true))

            assertTrue(sent.ticket.canRemove)
            screen.removeTicket()
            val removed = screen.state.filterIsInstance<ThreadState.Removed>().await("its removal") { true }
            assertFalse("nothing is a draft again", removed.keptAsDraft)
            assertEquals(0L, client.history().first().total)
            assertEquals("the help desk keeps it", 1, sandbox.tickets(subject).size)
        }
    }

    @Test
    fun `what may have been sent is sent again by the user only`() =
        signedOut { client ->
            val subject = "Kein Konto: wie werde ich Partner?"
            sandbox.fault("cut_after", """{"times": 1, "only": "POST /api/v2/requests"}""")
            val before = sandbox.requests(authorized = false)
            val screen = screenOf(client, client.write(subject))
            val unknown = screen.await("nobody to know") { it.message.delivery == Delivery.MayHaveBeenSent }
            val said = checkNotNull(unknown.message.deliveryKey)
            assertLocalised(said)
            assertTrue(client.strings("de")[said].startsWith("Es ist vielleicht angekommen"))
            assertNull(unknown.details.replyNote)
            assertTrue(unknown.message.canRetry && unknown.message.canDiscard && !unknown.ticket.canRemove)
            client.syncNow()
            client.setOnline(false)
            client.setOnline(true)
            client.syncUntil(10.seconds)
            assertEquals("not by itself", 1, sandbox.requests(authorized = false) - before)

            screen.retry(unknown.message.id)
            screen.await("the user's second attempt") { it.message.delivery == Delivery.Sent }
            assertEquals(2, sandbox.requests(authorized = false) - before)
            assertEquals("the first one had arrived", 2, sandbox.tickets(subject).size)
        }

    @Test
    fun `what may have been sent can be taken back as the draft that it was`() =
        signedOut { client ->
            val subject = "Der Link in der Mail ist abgelaufen"
            sandbox.fault("cut_after", """{"times": 1, "only": "POST /api/v2/requests"}""")
            val screen = screenOf(client, client.write(subject))
            screen.discard(screen.await("nobody to know") { it.message.delivery == Delivery.MayHaveBeenSent }.message.id)
            val removed = screen.state.filterIsInstance<ThreadState.Removed>().await("the draft") { true }
            assertTrue(removed.keptAsDraft)
            assertEquals(listOf(NAME, EMAIL, subject, TEXT), client.ticketDraft().run { listOf(name, email, this.subject, description) })
            client.syncUntil(10.seconds)
            assertEquals(1, sandbox.tickets(subject).size)
        }

    @Test
    fun `a help desk that takes none is believed and says so until the user tries again`() =
        signedOut { client ->
            val subject = "Ich habe keinen Zugang mehr"
            sandbox.allowAnonymous(false)
            try {
                val screen = screenOf(client, client.write(subject))
                val refused = screen.await("the refusal") { it.message.delivery is Delivery.NeedsUser }
                assertEquals("reason.not_allowed", refused.message.reasonKey)
                assertLocalised("reason.not_allowed")
                assertNull("that is the ticket's problem, not the account's", client.status.first().problem)
                assertTrue(refused.message.canEdit)
                sandbox.allowAnonymous(true)
                screen.retry(refused.message.id)
                screen.await("it to be sent") { it.ticket.delivery == Delivery.Sent }
                assertEquals(1, sandbox.tickets(subject).size)
            } finally {
                sandbox.allowAnonymous(true)
            }
        }

    @Test
    fun `an account on the same device knows nothing of it and may be open beside it`() =
        signedOut { client ->
            val subject = "Geschrieben, bevor sich jemand angemeldet hat"
            client.setOnline(false)
            client.write(subject)
            openClient(sandbox, folder).use { ada ->
                ada.awaitFirstSync()
                assertTrue(
                    ada
                        .history()
                        .first()
                        .tickets
                        .none { it.subject == subject },
                )
                assertEquals("", ada.ticketDraft().name)
            }
            assertEquals(
                listOf(subject),
                client
                    .history()
                    .first()
                    .tickets
                    .map { it.subject },
            )
        }
}

package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.ReplyPlace
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.kit.history.HistoryViewModel
import dev.pocketdesk.kit.strings.subjectIn
import dev.pocketdesk.sandbox.RequestTracker
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withFastConsistency
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import kotlin.time.Duration.Companion.seconds

/** What a real Request Tracker offers of the hub, as its users live it. Like [RequestTrackerScenario] it is run by `make test-rt`. */
class RequestTrackerHubScenario {
    @get:Rule
    val temporary = TemporaryFolder()

    private val tracker = RequestTracker()
    private val account = "Nordlicht Reisen ${System.nanoTime()}"
    private val ada = tracker.newcomer("Ada Lindqvist", account)

    private suspend fun open(
        user: RequestTracker.User,
        vararg claims: String,
    ): Pocketdesk {
        val folder = temporary.root.toPath().resolve(user.id)
        val config =
            ClientConfig(
                folder.toString(),
                user.id,
                tracker.url,
                withFastConsistency(productFrom("hub@1")),
                key = null,
                connector = Connector.REQUEST_TRACKER,
                claims = claims.toList(),
            )
        val client = Pocketdesk.open(config, tokens = { user.token })
        client.awaitFirstSync()
        return client
    }

    @Test
    fun `an escalation is read with its facts and confirmed and its owner closes the ticket where no feedback is taken`(): Unit =
        runBlocking {
            val erin = tracker.newcomer("Erin Vogt", account)
            val fields = mapOf("Ticket Type" to "email", "Escalation ID" to "CP-20419", "Escalation State" to "submitted")
            val number = tracker.make(ada, SUBJECT, WRITTEN, linked = listOf(erin), fields = fields)
            tracker.answer(number, ANSWER)
            open(ada).use { client ->
                standsInTheHistory(client, number)
                OnScreen(client, client.ticketOf(SUBJECT), LIMIT).use { screen ->
                    hasItsFactsAndItsThread(screen, number)
                    offersNothingThatTheServerCannotDo(client, screen)
                    isConfirmed(client, screen, number)
                    isClosedByItsOwner(client, screen, number)
                }
            }
        }

    private suspend fun standsInTheHistory(
        client: Pocketdesk,
        number: Long,
    ) = HistoryUser(client, LIMIT).use { user ->
        val row = user.sees("the ticket") { it.has(SUBJECT) }.row(SUBJECT)
        assertEquals(number.toULong(), row.number)
        assertEquals(listOf("CP-20419"), row.column("escalation_id"))
        assertEquals("email", row.ticketType)
        assertEquals(listOf("Eskaliert"), row.markKeys.map { client.strings("de")[it] })
        assertEquals(StatusKind.OPEN, row.status.kind)
        assertTrue(row.createdAt in 1..row.lastActivityAt)
        assertEquals("only in the organisation's view", emptyList<String>(), row.column("users"))
    }

    private suspend fun hasItsFactsAndItsThread(
        screen: OnScreen,
        number: Long,
    ) {
        val shown = screen.sees("the whole thread") { it.ticket.threadComplete && it.messages.size == 2 }
        assertEquals(ShownValue.Text("#$number"), shown.value("number"))
        assertEquals(ShownValue.Text(SUBJECT), shown.value("subject"))
        assertEquals(ShownValue.Text("E-Mail"), shown.value("ticket_type"))
        assertEquals(ShownValue.Text("Marta Feld"), shown.value("assignee"))
        assertEquals(ShownValue.Text("Sie"), shown.value("requester"))
        assertEquals(ShownValue.Texts(listOf("Erin Vogt")), shown.value("linked"))
        val (created, updated) = listOf("created", "updated").map { (shown.value(it) as ShownValue.Instant).at }
        assertTrue("the server's own times", created <= updated)
        assertEquals(listOf(WRITTEN to false, ANSWER to true), shown.messages.map { it.body to it.fromAgent })
        assertEquals("Marta Feld", shown.messages.last().author)
        assertEquals("Eskalation eingereicht", shown.step)
    }

    private suspend fun offersNothingThatTheServerCannotDo(
        client: Pocketdesk,
        screen: OnScreen,
    ) {
        with(client.capabilities) { assertFalse("neither is served here", feedback || toggles) }
        val shown = screen.sees("closing") { it.offer("close") != null }
        assertTrue(shown.details.actions.none { it.kind == OfferKind.TOGGLE || it.kind == OfferKind.FEEDBACK })
        assertNull("there is no section without its toggle", shown.proxyLogin)
    }

    private suspend fun isConfirmed(
        client: Pocketdesk,
        screen: OnScreen,
        number: Long,
    ) {
        tracker.fill(number, "Escalation State", "fix_review")
        client.syncNow()
        screen.sees("the step that needs her") { it.step == "Lösung wird geprüft" }
        screen.model.act(screen.isOffered("confirm_fix"))
        val proposed = screen.sees("the prefilled reply") { it.reply.ready && it.reply.text.isNotEmpty() }.reply.text
        assertEquals(HubScenario.CONFIRMED, proposed)
        screen.replies("$proposed תודה!")
        screen.sees("it to be sent") { it.messages.last().delivery == Delivery.Sent && it.ticket.row.waiting == 0u }
        assertEquals(listOf(WRITTEN, ANSWER, "$proposed תודה!"), tracker.texts(number))
        tracker.fill(number, "Escalation State", "resolved")
        client.syncNow()
        screen.sees("the end of it") {
            it.step == "Behoben" &&
                it.ticket.row.markKeys
                    .isEmpty()
        }
    }

    private suspend fun isClosedByItsOwner(
        client: Pocketdesk,
        screen: OnScreen,
        number: Long,
    ) {
        client.setOnline(false)
        screen.closes()
        client.setOnline(true)
        val closed = screen.sees("the closed ticket") { it.ticket.row.run { status.kind == StatusKind.CLOSED && waiting == 0u } }
        assertEquals("solved", tracker.status(number))
        assertEquals(ReplyPlace.NOTICE, closed.details.replyPlace)
        assertTrue("the banner", checkNotNull(closed.details.replyNote).startsWith("Dieses Ticket wurde geschlossen."))
        assertEquals("nothing but a new ticket", listOf("follow_up"), closed.details.actions.map { it.id })
        assertNull("no feedback is asked for", closed.details.thanks)
    }

    @Test
    fun `the agreed call of a conference is read with its link and its hidden passcode`(): Unit =
        runBlocking {
            val fields =
                mapOf(
                    "Ticket Type" to "conference_call",
                    "Call At" to "2093-03-12T14:30:00Z",
                    "Call Status" to "accepted",
                    "Meeting Link" to "https://zoom.example.com/j/93811",
                    "Passcode" to "7Kx-204",
                )
            val number = tracker.make(ada, "Invitation", "Passt Donnerstag? 🕞", fields = fields)
            open(ada).use { client ->
                val row =
                    HistoryUser(client, LIMIT).use { user ->
                        user.sees("the call") { it.has("Invitation") }.row("Invitation")
                    }
                assertEquals("Konferenzschaltung – Ada Lindqvist", row.subjectIn(client.strings("de")))
                OnScreen(client, row.id, LIMIT).use { screen ->
                    val shown = screen.sees("the call") { it.value("call_at") != null }
                    assertEquals(ShownValue.Instant(3_887_706_600_000), shown.value("call_at"))
                    assertEquals(ShownValue.Text("Angenommen"), shown.value("call_status"))
                    assertEquals(ShownValue.Text("7Kx-204"), shown.value("passcode"))
                    assertEquals(ShownValue.Text("#$number"), shown.value("number"))
                }
            }
        }

    @Test
    fun `administrators see the tickets of the account and reply and further users only see and nobody else sees anything`(): Unit =
        runBlocking {
            val (ben, clara) = listOf("Ben Okafor", "Clara Núñez").map { tracker.newcomer(it, account) }
            val zoe = tracker.newcomer("Zoë Brandt", "Sonnenhof ${System.nanoTime()}")
            val number = tracker.make(ada, SUBJECT, WRITTEN, linked = listOf(clara), shared = true)
            open(ben, "support_admin").use { client ->
                val id = seesTheTicketOfTheOrganisation(client)
                OnScreen(client, id, LIMIT).use { screen ->
                    screen.replies(HubScenario.COLLEAGUE)
                    val sent = screen.sees("it to be sent") { it.messages.last().delivery == Delivery.Sent && it.ticket.row.waiting == 0u }
                    assertTrue("he does not close it", sent.details.actions.none { it.kind == OfferKind.SOLVE })
                }
                assertEquals(listOf(WRITTEN, HubScenario.COLLEAGUE), tracker.texts(number))
            }
            open(clara).use { client ->
                val row = HistoryUser(client, LIMIT).use { user -> user.sees("where she was added") { it.has(SUBJECT) }.row(SUBJECT) }
                assertTrue(row.linked)
                OnScreen(client, row.id, LIMIT).use { screen ->
                    val shown =
                        screen.sees(
                            "why she cannot reply",
                        ) { it.ticket.threadComplete && it.details.replyPlace == ReplyPlace.NOTICE }
                    assertEquals(
                        "Dieses Ticket gehört jemand anderem. Sie können es lesen, aber nicht beantworten.",
                        shown.details.replyNote,
                    )
                    assertEquals("#$number", shown.copies.first())
                }
            }
            open(zoe, "support_admin").use { client ->
                val scope = aScope()
                val nothing = HistoryViewModel(client, scope).state.filterIsInstance<HistoryState.Empty>()
                assertEquals(0uL, nothing.await("an empty history", LIMIT) { true }.status.knownTickets)
                scope.cancel()
            }
        }

    private suspend fun seesTheTicketOfTheOrganisation(client: Pocketdesk): Long =
        HistoryUser(client, LIMIT).use { user ->
            user.model.choose("organisation")
            val all = user.sees("Ada's ticket") { it.scope == "organisation" && it.has(SUBJECT) }
            assertEquals(listOf("Ada Lindqvist", "Clara Núñez"), all.row(SUBJECT).column("users"))
            all.row(SUBJECT).id
        }

    private companion object {
        const val SUBJECT = "Buchungen aus Spanien fehlen – ¿y los bonos? 🧾"
        const val WRITTEN = "Guten Tag,\n\nseit Montag kommen keine Buchungen an. Der Gutschein heißt „Frühbucher“."
        const val ANSWER = "Danke, Ada. Ich habe es an unsere Entwickler gegeben."
        val LIMIT = 90.seconds
    }
}

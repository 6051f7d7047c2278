package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.ReplyAlternative
import dev.pocketdesk.bindings.ReplyPlace
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertThrows
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.setToggle
import dev.pocketdesk.kit.strings.nameIn
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.HubTickets
import dev.pocketdesk.sandbox.SandboxTicket
import dev.pocketdesk.sandbox.setUpFor
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** The hub as the people of one organisation live it: Ada writes in about her problems, and Ben is the administrator. */
class HubStoryTest : ViewModelTest() {
    private lateinit var tickets: HubTickets
    private var escalated = 0L
    private var mail = 0L
    private var phone = 0L

    @Test
    fun `an escalation is followed and a ticket closed and rated offline while the administrator sees both and loses them`() =
        runBlocking {
            isSetUpByTheCompany()
            adasDevice { client ->
                client.awaitFirstSync()
                readsTheEscalation(client)
                confirmsTheFix(client)
            }
            bensDevice { client ->
                seesTheTicketsOfTheOrganisation(client)
                repliesAndCannotClose(client)
                mayOnlyReadWhereHeWasAdded(client)
                setsHisOwnProxyLogin(client)
            }
            val closing = adasDevice { seesWhatBenWrote(it) }

            assertEquals(closing, OfflineProcess.run(Story.HUB, sandbox, folder))
            assertEquals(
                "nothing may have reached the server",
                mapOf(HubScenario.BEN to false) to "open",
                ticket(escalated).proxyLogins to ticket(mail).status,
            )
            adasDevice(online = false) { client ->
                waitsInTheNextProcess(client, closing)
                arrivesOnceAndInOrder(client, closing)
            }

            assertEquals(closing, OfflineProcess.run(Story.HUB_FEEDBACK, sandbox, folder))
            assertNull("nothing may have reached the server", ticket(mail).rating)
            adasDevice(online = false) { client ->
                isThankedFor(client, closing)
                cannotReplyToWhatIsClosed(client, closing)
                cannotReplyToACall(client)
            }
            bensDevice { isNoAdministratorAnyMore(it) }
        }

    private suspend fun <T> adasDevice(
        online: Boolean = true,
        use: suspend (Pocketdesk) -> T,
    ): T =
        Story.HUB.open(sandbox, folder).use { client ->
            client.setOnline(online)
            use(client)
        }

    private suspend fun bensDevice(use: suspend (Pocketdesk) -> Unit) =
        Story.HUB.open(sandbox, temporary.root.toPath().resolve("ben"), "ben", listOf("support_admin")).use { client ->
            client.awaitFirstSync()
            client.syncNow()
            use(client)
        }

    private fun ticket(number: Long): SandboxTicket = sandbox.ticket(number)

    private fun isSetUpByTheCompany() {
        sandbox.setUpFor(Company.HUB.definition)
        sandbox.settings(buildJsonObject { put("copied_users_see", true) })
        sandbox.share("ben", "comment")
        tickets = HubTickets(sandbox)
        escalated = tickets.escalated()
        mail = tickets.mail(HubScenario.MAIL)
        phone = tickets.phone()
    }

    private suspend fun readsTheEscalation(client: Pocketdesk) {
        val german = client.strings("de")
        HistoryUser(client).use { user ->
            val history = user.sees("both tickets") { it.has(HubScenario.ESCALATED) && it.has(HubScenario.MAIL) }
            assertEquals("only an administrator has something to switch", emptyList<Any>(), history.scopes)
            val row = history.row(HubScenario.ESCALATED)
            assertEquals(listOf("Eskaliert"), row.markKeys.map { german[it] })
            assertEquals(listOf("CP-20419"), row.column("escalation_id"))
            assertEquals(emptyList<String>(), history.row(HubScenario.MAIL).markKeys)
        }
        OnScreen(client, client.ticketOf(HubScenario.ESCALATED)).use { screen ->
            val shown = screen.sees("the escalation") { it.step != null }
            val steps = checkNotNull(shown.escalation?.timeline).steps
            assertEquals(
                listOf("Eskalation eingereicht", "Wird geprüft", "Engineering in Progress", "Lösung wird geprüft", "Behoben"),
                steps.map { it.label },
            )
            assertTrue(steps.all { it.explanation != null } && steps.first().at != null)
            assertEquals("Eskalation eingereicht" to listOf("mark.escalated"), shown.step to shown.ticket.row.markKeys)
            assertNull("there is no fix yet", shown.offer("confirm_fix"))
            tickets.step(escalated, "esc_fix")
            client.syncNow()
            screen.sees("the step that needs her") { it.step == "Lösung wird geprüft" && it.offer("confirm_fix") != null }
        }
    }

    private suspend fun confirmsTheFix(client: Pocketdesk) =
        OnScreen(client, client.ticketOf(HubScenario.ESCALATED)).use { screen ->
            screen.model.act(screen.isOffered("confirm_fix"))
            val proposed = screen.sees("the prefilled reply") { it.reply.ready && it.reply.text.isNotEmpty() }.reply.text
            assertEquals(HubScenario.CONFIRMED, proposed)
            screen.replies("$proposed In Sevilla auch – ¡gracias!")
            screen.sees("it to be sent") { it.messages.last().delivery == Delivery.Sent && it.ticket.row.waiting == 0u }
            assertEquals("${HubScenario.CONFIRMED} In Sevilla auch – ¡gracias!", ticket(escalated).comments.last())
        }

    private suspend fun seesTheTicketsOfTheOrganisation(client: Pocketdesk) =
        HistoryUser(client).use { user ->
            val german = client.strings("de")
            val mine = user.sees("where he was added") { it.scope == "mine" && it.has(HubScenario.ESCALATED) }
            assertEquals(listOf("Meine Tickets", "Tickets meiner Organisation"), mine.scopes.map { german[it.labelKey] })
            assertTrue("somebody else's is marked as such", mine.row(HubScenario.ESCALATED).linked)
            assertFalse(mine.has(HubScenario.MAIL))
            user.model.choose("organisation")
            val all = user.sees("Ada's ticket") { it.scope == "organisation" && it.has(HubScenario.MAIL) }
            assertEquals(listOf("Ada Lindqvist"), all.row(HubScenario.MAIL).column("users"))
            assertFalse(all.row(HubScenario.MAIL).linked)
        }

    private suspend fun repliesAndCannotClose(client: Pocketdesk) =
        OnScreen(client, client.organisationsTicket(HubScenario.MAIL)).use { screen ->
            screen.replies(HubScenario.COLLEAGUE)
            val sent = screen.sees("it to be sent") { it.ticket.row.waiting == 0u && it.messages.last().delivery == Delivery.Sent }
            assertEquals(1, ticket(mail).comments.count { it == HubScenario.COLLEAGUE })
            assertEquals("neither closing nor feedback nor her proxy login", emptyList<String>(), sent.details.actions.map { it.id })
            assertThrows<ChangeException.NotOffered> { client.setToggle(sent.ticket.row.id, "proxy_login", true) }
        }

    private suspend fun mayOnlyReadWhereHeWasAdded(client: Pocketdesk) =
        OnScreen(client, client.ticketOf(HubScenario.ESCALATED)).use { screen ->
            val shown = screen.sees("why he cannot reply") { it.ticket.threadComplete && it.details.replyPlace == ReplyPlace.NOTICE }
            assertEquals("Dieses Ticket gehört jemand anderem. Sie können es lesen, aber nicht beantworten.", shown.details.replyNote)
            assertEquals(listOf("#$escalated", "CP-20419"), shown.copies)
            assertTrue(
                shown.details.replyAlternatives.any { it is ReplyAlternative.AnswerMail } &&
                    shown.details.replyAlternatives.last() is ReplyAlternative.NewRequest,
            )
            screen.model.followUp()
            val draft = screen.model.newTickets.first()
            assertEquals("Zu Ticket #$escalated:", draft.description)
            val subject = "Gilt das auch für Portugal? 🇵🇹"
            val created = client.submit(draft.copy(subject = subject, description = "${draft.description}\n\n$subject"))
            Reader(client).awaitSent(created)
            assertEquals(listOf("Zu Ticket #$escalated:\n\n$subject"), sandbox.tickets(subject).single().comments)
        }

    private suspend fun setsHisOwnProxyLogin(client: Pocketdesk) =
        OnScreen(client, client.ticketOf(HubScenario.ESCALATED)).use { screen ->
            val offer = screen.isOffered("proxy_login")
            assertEquals(null to "Wie für Ihr Konto eingestellt", offer.toggle?.run { on to note })
            screen.allowsProxyLogin(false)
            screen.sees("the server's word") { it.proxyLogin?.run { on == false && !isWaiting } == true && it.ticket.changes.isEmpty() }
            assertEquals(mapOf(HubScenario.BEN to false), ticket(escalated).proxyLogins)
        }

    /** Returns the ticket that she closes later. */
    private suspend fun seesWhatBenWrote(client: Pocketdesk): Long {
        client.syncNow()
        val closing = client.ticketOf(HubScenario.MAIL)
        OnScreen(client, closing).use { screen ->
            val shown = screen.sees("his reply") { it.messages.last().body == HubScenario.COLLEAGUE }
            assertEquals("Ben Okafor" to false, shown.messages.last().run { author to fromAgent })
            assertEquals(OfferKind.SOLVE, screen.isOffered("close").kind)
        }
        OnScreen(client, client.ticketOf(HubScenario.ESCALATED)).use { screen ->
            val offer = screen.isOffered("proxy_login")
            assertNull("what Ben has set is his own", offer.toggle?.on)
            assertNotNull(offer.warn)
        }
        return closing
    }

    private suspend fun waitsInTheNextProcess(
        client: Pocketdesk,
        closing: Long,
    ) {
        assertEquals("a reply, closing, and one value of the toggle", 3u, client.status.first().waiting)
        OnScreen(client, closing).use { screen ->
            val shown = screen.sees("what waits") { it.ticket.changes.isNotEmpty() }
            assertEquals(listOf(ChangeKind.SOLVE), shown.ticket.changes.map { it.kind })
            assertEquals(HubScenario.LAST_REPLY, shown.messages.last().body)
            assertFalse(shown.messages.last().delivery == Delivery.Sent)
            assertNull("it is not closed yet, so nobody asks how it was", shown.offer("feedback"))
        }
        OnScreen(client, client.ticketOf(HubScenario.ESCALATED)).use { screen ->
            val toggle = screen.isOffered("proxy_login").toggle
            assertEquals(true to "Noch nicht wirksam", toggle?.run { on to note })
        }
    }

    private suspend fun arrivesOnceAndInOrder(
        client: Pocketdesk,
        closing: Long,
    ) {
        sandbox.heal()
        // The answer to the first attempt is lost.
        sandbox.fault("cut_after", """{"times": 1, "only": "PUT /api/v2/requests"}""")
        client.setOnline(true)
        OnScreen(client, closing).use { screen ->
            val closed = screen.sees("the closed ticket") { it.ticket.row.run { status.kind == StatusKind.CLOSED && waiting == 0u } }
            assertEquals(
                "Geschlossen",
                closed.ticket.row.status
                    .nameIn(client.strings("de")),
            )
            assertEquals("the banner", CLOSED, closed.details.replyNote)
            assertEquals(
                "feedback",
                screen
                    .sees("feedback in its place") { it.details.head.isNotEmpty() }
                    .details.head
                    .single()
                    .id,
            )
        }
        val arrived = ticket(mail)
        assertEquals("the reply first: after closing it would have opened the ticket again", "solved", arrived.status)
        assertEquals(1, arrived.comments.count { it == HubScenario.LAST_REPLY })
        assertEquals(HubScenario.LAST_REPLY, arrived.comments.last())
        OnScreen(client, client.ticketOf(HubScenario.ESCALATED)).use { screen ->
            screen.sees("it to be in force") { it.proxyLogin?.run { on == true && !isWaiting && note == null } == true }
        }
        assertEquals("each has set their own", mapOf(HubScenario.ADA to true, HubScenario.BEN to false), ticket(escalated).proxyLogins)
        assertEquals("one request of each", 2, sandbox.requests("PATCH", "/custom_objects/proxy_login/records"))
    }

    private suspend fun isThankedFor(
        client: Pocketdesk,
        closing: Long,
    ) = OnScreen(client, closing).use { screen ->
        val waiting = screen.sees("what waits") { it.ticket.changes.isNotEmpty() }
        assertEquals(listOf(ChangeKind.FEEDBACK), waiting.ticket.changes.map { it.kind })
        assertEquals("Vielen Dank für Ihr Feedback.", waiting.details.thanks)
        sandbox.heal()
        sandbox.fault("cut_after", """{"times": 1, "only": "POST /api/v2/tickets"}""")
        client.setOnline(true)
        val given = screen.sees("it to be given") { it.ticket.changes.isEmpty() && it.ticket.row.waiting == 0u }
        assertEquals("Vielen Dank für Ihr Feedback.", given.details.thanks)
        assertNull(given.offer("feedback"))
        assertEquals("good" to HubScenario.FEEDBACK, ticket(mail).rating)
    }

    private suspend fun cannotReplyToWhatIsClosed(
        client: Pocketdesk,
        closing: Long,
    ) = OnScreen(client, closing).use { screen ->
        val shown = screen.sees("why she cannot reply") { it.details.replyPlace == ReplyPlace.NOTICE }
        assertEquals(CLOSED, shown.details.replyNote)
        assertEquals(listOf("#$mail"), shown.copies)
        screen.model.act(screen.isOffered("follow_up"))
        assertEquals(
            "Zu Ticket #$mail:",
            screen.model.newTickets
                .first()
                .description,
        )
        val subject = "Noch einmal: Währung für Zürich"
        val created =
            FormUser(client).run {
                fills(subject)
                creates()
            }
        Reader(client).awaitSent(created)
        assertEquals(listOf("Zu Ticket #$mail:"), sandbox.tickets(subject).single().comments)
    }

    private suspend fun cannotReplyToACall(client: Pocketdesk) {
        val row = client.history().await("the call") { history -> history.tickets.any { it.number == phone.toULong() } }
        OnScreen(client, row.tickets.single { it.number == phone.toULong() }.id).use { screen ->
            val shown = screen.sees("why she cannot reply") { it.ticket.threadComplete && it.details.replyPlace == ReplyPlace.NOTICE }
            assertEquals("Zu diesem Ticket gibt es keine E-Mails, auf die Sie antworten könnten.", shown.details.replyNote)
            assertEquals(listOf("#$phone"), shown.copies)
            screen.model.followUp()
            val draft = screen.model.newTickets.first()
            assertEquals("Zu Ticket #$phone:", draft.description)
        }
    }

    private suspend fun isNoAdministratorAnyMore(client: Pocketdesk) =
        HistoryUser(client).use { user ->
            user.model.choose("organisation")
            val before = user.sees("Ada's ticket") { it.scope == "organisation" && it.has(HubScenario.MAIL) }
            val lost = before.row(HubScenario.MAIL).id
            user.model.choose("mine")
            val mine =
                user
                    .sees("his own") { it.scope == "mine" }
                    .tickets
                    .map { it.id }
                    .toSet()
            OnScreen(client, lost).use { screen ->
                screen.sees("Ada's words") { shown -> shown.messages.any { it.body == HubScenario.LAST_REPLY } }
                sandbox.share("ben", "own")
                client.setClaims(emptySet())
                client.syncNow()
                val left = user.sees("what is left") { it.scopes.isEmpty() }
                assertEquals(mine, left.tickets.map { it.id }.toSet())
                assertTrue(left.has(HubScenario.ESCALATED) && left.tickets.all { it.visible })
                screen.model.state.await("her words to be gone") { it.hasNothingLeft() }
            }
            user.sees("his own, and nothing else") { history -> history.tickets.map { it.id }.toSet() == mine }
        }

    private fun ThreadState.hasNothingLeft() =
        this is ThreadState.Removed ||
            this is ThreadState.Shown && !ticket.row.visible && ticket.row.subject.isEmpty() && messages.isEmpty()

    private suspend fun Pocketdesk.organisationsTicket(subject: String): Long =
        HistoryUser(this).use { user ->
            user.model.choose("organisation")
            user.sees("the ticket") { it.has(subject) }.row(subject).id
        }

    private companion object {
        const val CLOSED =
            "Dieses Ticket wurde geschlossen. Wenn Sie weitere Fragen oder Bedenken haben, " +
                "legen Sie ein neues Ticket an und verweisen Sie auf diese Ticketnummer."
    }
}

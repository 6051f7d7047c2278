package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Obstacle
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.kit.account.connection
import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.withActions
import dev.pocketdesk.sandbox.withAttachments
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.file.Files

/** What the client says of a server that does not do what was hoped for, with real faults of the sandbox. */
class ServerStatesTest : SandboxTest() {
    private fun withClient(
        server: SandboxServer = sandbox,
        delaySeconds: UInt = 0u,
        change: (String) -> String = { it },
        test: suspend (Pocketdesk) -> Unit,
    ) = runBlocking {
        val config = configOf(server, folder)
        val changed = config.copy(sendDelaySeconds = delaySeconds, product = change(checkNotNull(config.product)))
        Pocketdesk.open(changed) { "ada-token" }.use { test(it) }
    }

    /** A ticket of Ada's that takes a reply, with its number. */
    private suspend fun Pocketdesk.openTicket(): Pair<Long, Long> {
        awaitFirstSync()
        val row = history().first().tickets.first { it.status.kind == StatusKind.WORKING || it.status.kind == StatusKind.AWAITING_USER }
        thread(row.id).await("the thread") { it.ticket.threadComplete }
        return row.id to checkNotNull(row.number).toLong()
    }

    @Test
    fun `a thread that fails says so keeps its messages and is asked for again on request`() =
        withClient { client ->
            val (ticket, number) = client.openTicket()
            val before = client.thread(ticket).first().messages
            sandbox.fault("server_error", """{"only": "GET /api/v2/requests/$number/comments"}""")
            sandbox.answer(number, "Bitte senden Sie uns noch die Rechnung für März. 🧾")
            client.threadOpened(ticket)
            client.syncNow()
            val failed = client.thread(ticket).await("the problem") { it.ticket.refreshProblem != null }
            assertEquals(before.map { it.body }, failed.messages.map { it.body })

            sandbox.heal()
            client.retryThread(ticket)
            val refreshed = client.thread(ticket).await("the answer") { it.messages.size == before.size + 1 }
            assertNull(refreshed.ticket.refreshProblem)
            client.retryThread(-1)
        }

    @Test
    fun `a help desk that asks for patience is busy until then`() =
        withClient { client ->
            client.awaitFirstSync()
            sandbox.fault("too_many_requests", """{"retry_after": 600}""")
            val before = System.currentTimeMillis()
            client.syncNow()
            val busy = client.awaitStatus("the wait") { it.busyUntil != null }
            assertTrue("${busy.busyUntil}", checkNotNull(busy.busyUntil) in before + 590_000..System.currentTimeMillis() + 660_000)
            assertNull("it was reached", busy.connection.obstacle)
        }

    @Test
    fun `no network and a help desk that cannot be reached are told apart`() =
        withClient { client ->
            client.awaitFirstSync()
            assertNull(
                client.status
                    .first()
                    .connection.obstacle,
            )
            sandbox.goOffline()
            client.syncNow()
            val unreachable = client.awaitStatus("the server to be missed") { it.connection.obstacle != null }
            assertEquals(Obstacle.HELP_DESK_UNREACHABLE, unreachable.connection.obstacle)
            client.setOnline(false)
            val alone = client.awaitStatus("no network") { !it.network }
            assertEquals(Obstacle.NO_NETWORK, alone.connection.obstacle)
            listOf(unreachable, alone).forEach { assertLocalised(checkNotNull(it.connection.obstacleKey)) }
        }

    @Test
    fun `in front and without a network a message is queued at once and can be edited and taken back`() =
        withClient(delaySeconds = 30u) { client ->
            val (ticket, _) = client.openTicket()
            client.setInFront(true)
            client.setOnline(false)
            client.assertQueued(ticket, client.say(ticket, "Geht es hier noch weiter?"))
        }

    @Test
    fun `in front a message whose hold is over is queued although the help desk cannot be reached`() {
        // Of a server that takes a request and does not answer, nobody knows whether the message arrived. So this one ends.
        SandboxProcess.start("--tickets", "30").use { ending ->
            withClient(server = ending.server, delaySeconds = 2u) { client ->
                val (ticket, _) = client.openTicket()
                client.setInFront(true)
                ending.close()
                client.syncNow()
                client.awaitStatus("the server to be missed") { it.connection.obstacle == Obstacle.HELP_DESK_UNREACHABLE }
                val reply = client.say(ticket, "Geht es hier noch weiter?")
                client.thread(ticket).await("the end of the hold") { it.messages.last().delivery !is Delivery.Held }
                client.assertQueued(ticket, reply)
            }
        }
    }

    private suspend fun Pocketdesk.assertQueued(
        ticket: Long,
        reply: Long,
    ) {
        val shown =
            thread(ticket).await("the message to rest") {
                it.messages
                    .last()
                    .delivery
                    .run { this == Delivery.Queued || this is Delivery.Waiting }
            }
        val message = shown.messages.last()
        assertEquals(reply, message.id)
        assertTrue(message.canEdit && message.canDiscard)
        assertEquals(1u, shown.ticket.row.waiting)
    }

    @Test
    fun `a message that is too long to keep is shown in part`() =
        withClient { client ->
            val (ticket, number) = client.openTicket()
            sandbox.answer(number, "Hier ist das ganze Protokoll:\n" + "10:15:02 GET /pixel 200 – in Ordnung\n".repeat(9_000))
            client.threadOpened(ticket)
            client.syncNow()
            val shown =
                client.thread(ticket).await("the log") {
                    it.messages
                        .last()
                        .body
                        .startsWith("Hier ist das ganze")
                }
            assertTrue(shown.messages.last().shortened)
            assertFalse(shown.messages.first().shortened)
            assertEquals(0u, shown.ticket.leftOut)
        }

    @Test
    fun `a file that the server does not take says so and the other one does not`() {
        mapOf("size" to ReasonKind.ATTACHMENT_TOO_LARGE, "type" to ReasonKind.ATTACHMENT_TYPE).forEach { (fault, reason) ->
            withClient(change = ::withAttachments) { client ->
                val (ticket, _) = client.openTicket()
                val files = listOf("Protokoll März.csv", "Rechnung.csv")
                val draft = client.replyDraft(ticket).copy(body = "siehe Anhang ($fault)")
                client.saveReplyDraft(draft)
                files.forEach { name ->
                    client.attach(draft.id, Files.writeString(temporary.root.toPath().resolve(name), "Datum;Umsatz\n"), name)
                }
                sandbox.fault("upload_refused", """{"reason": "$fault"}""")
                val reply = client.reply(draft)
                val refused =
                    client.thread(ticket).await("the refusal") { thread ->
                        thread.messages.single { it.id == reply }.delivery is Delivery.NeedsUser
                    }
                val message = refused.messages.single { it.id == reply }
                assertEquals(reason, (message.delivery as Delivery.NeedsUser).reason.kind)
                assertEquals(listOf(reason, null), message.attachments.map { it.refused })
                assertLocalised(checkNotNull(message.attachments.first().refusedKey))
                client.discard(reply)
                client.draftFiles(client.replyDraft(ticket).id).forEach { client.detach(it.id) }
                sandbox.heal()
            }
        }
    }

    @Test
    fun `only a message that the help desk does not show can be removed`() =
        withClient { client ->
            val (ticket, _) = client.openTicket()
            client.setOnline(false)
            val reply = client.say(ticket, "Noch nicht unterwegs.")
            assertThrows<ClientException.NotPossibleNow> { client.remove(reply) }
            assertEquals(
                reply,
                client
                    .thread(ticket)
                    .first()
                    .messages
                    .last()
                    .id,
            )
        }

    @Test
    fun `solving is offered where the help desk allows it`() =
        withClient(change = { withActions(it, "solve") }) { client ->
            client.awaitFirstSync()
            val tickets =
                client
                    .history()
                    .first()
                    .tickets
                    .filter { it.visible }
                    .map { client.thread(it.id).first().ticket }
            val offered = tickets.filter { it.canSolve }
            assertTrue("some can be solved", offered.isNotEmpty())
            assertTrue("only the user's own", offered.all { it.createdByMe })
            assertTrue("some of the user's own cannot", tickets.any { it.createdByMe && it.canReply && !it.canSolve })
            client.setOnline(false)
            client.solve(offered.first().row.id)
            assertFalse(
                "it is being solved",
                client
                    .thread(offered.first().row.id)
                    .first()
                    .ticket.canSolve,
            )
        }

    @Test
    fun `people who were copied elsewhere are shown by their names`() =
        withClient { client ->
            client.awaitFirstSync()
            val copied =
                client
                    .history()
                    .first()
                    .tickets
                    .filter { it.visible }
                    .flatMap {
                        client
                            .thread(it.id)
                            .first()
                            .ticket.cc
                    }
            assertTrue("$copied", copied.any { "@" !in it && it.isNotBlank() })
        }

    @Test
    fun `the subject survives signing out and keeping and the rest of the history is still to come`() =
        runBlocking {
            val subject =
                openClient(sandbox, folder).use { client ->
                    val (ticket, _) = client.openTicket()
                    client.setOnline(false)
                    client.say(ticket, "Nicht mehr vor den Feiertagen.")
                    client.signOut(SignOut.KEEP)
                    sandbox.goOffline()
                    ticket
                }
            openClient(sandbox, folder).use { client ->
                client.setOnline(false)
                val kept =
                    client
                        .history()
                        .first()
                        .tickets
                        .single()
                assertEquals(subject, kept.id)
                assertTrue("the subject", kept.subject.isNotBlank())
                assertFalse("the rest", client.status.first().firstSyncDone)
            }
        }

    @Test
    fun `a count has the form of its language`() {
        val said =
            allLanguages.associate { strings -> strings.locale.language to listOf(1, 3).map { strings.counted("ticket.left_out", it) } }
        assertEquals(listOf("1 message could not be read.", "3 messages could not be read."), said["en"])
        assertEquals(listOf("1 Nachricht konnte nicht gelesen werden.", "3 Nachrichten konnten nicht gelesen werden."), said["de"])
        assertEquals(listOf("No se ha podido leer 1 mensaje.", "No se han podido leer 3 mensajes."), said["es"])
    }

    @Test
    fun `a network that the platform reports and a server that answers are no obstacle whatever else is wrong`() {
        val status =
            SyncStatus(
                online = true,
                syncing = false,
                lastSyncAt = null,
                waiting = 2u,
                problem = AccountProblem.SIGNED_OUT,
                firstSyncDone = true,
                knownTickets = 1u,
            )
        assertNull(status.connection.obstacle)
        assertEquals(2, status.connection.waiting)
    }
}

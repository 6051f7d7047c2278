package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.FollowedTicket
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.SandboxTest
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.openClient
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

/** The link from a ticket to the closed one that it follows. */
class FollowUpTest : SandboxTest() {
    private suspend fun Pocketdesk.follows(ticket: Long): FollowedTicket? {
        val shown = thread(ticket).first()
        return shown.ticket.follows
    }

    @Test
    fun `a follow-up leads to its ticket before it is sent and until that is no longer visible`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                client.awaitFirstSync()
                val tickets = client.history().first().tickets
                val closed = tickets.first { it.status.kind == StatusKind.CLOSED }
                val number = checkNotNull(closed.number)
                assertNull(client.follows(closed.id))
                val link = FollowedTicket(number, closed.id)

                client.setOnline(false)
                val draft = client.filledDraft("Wieder keine Auszahlung 🧾")
                val followUp = client.submit(draft.copy(description = "Zu Ticket #$number: שוב.", follows = number.toLong()))
                assertEquals(link, client.follows(followUp))
                client.setOnline(true)
                val sent = client.thread(followUp).await("the number") { it.ticket.row.number != null }
                assertEquals(link, sent.ticket.follows)

                sandbox.revoke(number.toLong(), "ada")
                client.threadOpened(closed.id)
                client.syncNow()
                val ended = client.thread(followUp).await("the end of the link") { it.ticket.follows?.ticket == null }
                assertEquals(FollowedTicket(number, null), ended.ticket.follows)
            }
        }
}

package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.account.SupportViewModel
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.thread.ThreadViewModel
import dev.pocketdesk.kit.unreadTickets
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** What a user marks as read and unread, with the real core. */
class ReadMarksTest : ViewModelTest() {
    private suspend fun HistoryViewModel.awaitRow(
        what: String,
        condition: (TicketRow) -> Boolean,
    ) = state
        .filterIsInstance<HistoryState.Shown>()
        .await(what) { it.history.tickets.any(condition) }
        .history.tickets
        .first(condition)

    private suspend fun Pocketdesk.awaitUnread(count: Int) = unreadTickets.await("$count unread tickets") { it == count }

    @Test
    fun `a ticket that is marked as unread is counted until its thread is opened`() =
        withClient { client ->
            client.awaitFirstSync()
            client.setOnline(false)
            val before = client.unreadTickets.first()
            val history = HistoryViewModel(client, scope)
            val read = history.awaitRow("a ticket that was read") { !it.unread && it.markKey != null }
            assertEquals("history.mark_unread", read.markKey)
            history.mark(read)
            val marked = history.awaitRow("the reminder") { it.id == read.id && it.unread }
            assertEquals(true to "history.mark_read", marked.reminder to marked.markKey)
            client.awaitUnread(before + 1)
            val support = SupportViewModel(client, scope, client.strings("de"), takesHostCalls = false)
            support.state.await("the number in the help") { it.unread == before + 1 }

            val thread = ThreadViewModel(client, scope, read.id)
            thread.enter()
            client.awaitUnread(before)
            thread.markUnread()
            thread.leave()
            client.awaitUnread(before + 1)
            history.mark(history.awaitRow("the reminder again") { it.id == read.id && it.unread })
            client.awaitUnread(before)
        }

    @Test
    fun `all are marked as read at once and the history says where that holds`() =
        withClient { client ->
            client.awaitFirstSync()
            val history = HistoryViewModel(client, scope)
            history.mark(history.awaitRow("a ticket that was read") { !it.unread && it.markKey != null })
            client.unreadTickets.await("something unread") { it > 0 }
            history.markAllRead()
            client.awaitUnread(0)
            val key =
                history.state
                    .filterIsInstance<HistoryState.Shown>()
                    .first()
                    .history.readMarksKey
            assertLocalised(checkNotNull(key))
        }

    @Test
    fun `where marks are shared the history says nothing about them`() =
        withClient({ product ->
            check(product.endsWith("}"))
            product.dropLast(1) + """, "read_marks": "shared|device", "connectors": { "zendesk": { "shared_read_marks": true } } }"""
        }) { client ->
            client.awaitFirstSync()
            val shown = HistoryViewModel(client, scope).state.filterIsInstance<HistoryState.Shown>().first()
            assertNull(shown.history.readMarksKey)
            assertTrue(shown.history.tickets.isNotEmpty())
        }
}

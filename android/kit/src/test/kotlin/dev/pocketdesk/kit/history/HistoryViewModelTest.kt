package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.HistorySection
import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.Snippet
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.WrittenTime
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.say
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.time.Duration.Companion.milliseconds

/** The ticket history, with the real core. */
class HistoryViewModelTest : ViewModelTest() {
    @Test
    fun `the history grows while it is scrolled and ends`() =
        withClient { client ->
            client.awaitFirstSync()
            val there = client.history().first().total
            repeat(30) { client.submit(client.filledDraft("Ticket ${it + 1} of thirty")) }
            val model = HistoryViewModel(client, scope)
            val shown = model.state.filterIsInstance<HistoryState.Shown>()
            assertTrue(shown.await("the first page") { it.history.tickets.size == Pocketdesk.PAGE }.history.hasMore)
            model.showMore()
            val all = shown.await("the rest") { !it.history.hasMore && it.history.total == there + 30 }.history
            assertEquals(all.total, all.tickets.size.toLong())
            assertEquals(all.tickets.map { it.id }.distinct(), all.tickets.map { it.id })
        }

    @Test
    fun `before the first sync an offline history says why it is empty`() {
        // Before the client is opened: the first page arrives within milliseconds.
        sandbox.goOffline()
        withClient { client ->
            client.setOnline(false)
            val failed = HistoryViewModel(client, scope).state.filterIsInstance<HistoryState.Failed>().await("the reason") { true }
            assertLocalised(failed.stringKey)
        }
    }

    @Test
    fun `what is written now stands on top with its beginning`() =
        withClient { client ->
            client.awaitFirstSync()
            client.setOnline(false)
            val ticket =
                client
                    .history()
                    .first()
                    .tickets
                    .last { it.status.kind == StatusKind.OPEN || it.status.kind == StatusKind.WORKING }
                    .id
            client.say(ticket, "Noch eine Frage:\n\nwann 🙏?")
            val shown =
                HistoryViewModel(
                    client,
                    scope,
                ).state.filterIsInstance<HistoryState.Shown>().await("the reply") { it.places.isNotEmpty() }
            val top = shown.history.tickets.first()
            assertEquals(ticket to Snippet("Noch eine Frage: wann 🙏?", mine = true), top.id to top.snippet)
            val place = shown.places.first()
            assertEquals(RowPlace(HistorySection.UNSENT, WrittenTime.Now, "history.section.unsent", "time.now"), place)
            assertEquals("Noch nicht gesendet", client.strings("de")[place.sectionKey])
            assertEquals(shown.history.tickets.size, shown.places.size)
            assertEquals("Wartet auf das Senden", client.strings("de")[checkNotNull(top.unsentKey)])
        }
}

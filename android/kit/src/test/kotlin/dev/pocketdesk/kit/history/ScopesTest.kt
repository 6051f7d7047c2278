package dev.pocketdesk.kit.history

import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.configOf
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.withFastConsistency
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** The hub's history, with the real core: its scopes, and an account that has none. */
class ScopesTest : ViewModelTest() {
    private fun withHub(
        claims: List<String>,
        test: suspend (Pocketdesk) -> Unit,
    ) = runBlocking {
        val product = """{ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1" }"""
        val config = configOf(sandbox, folder).copy(product = withFastConsistency(product), claims = claims)
        Pocketdesk.open(config) { "ada-token" }.use { test(it) }
    }

    private fun HistoryViewModel.shown() = state.filterIsInstance<HistoryState.Shown>()

    @Test
    fun `an administrator switches between two scopes and the app can take the switch away`() {
        sandbox.share("ada", "comment")
        withHub(listOf("support_admin")) { client ->
            client.awaitFirstSync()
            val model = HistoryViewModel(client, scope)
            val mine = model.shown().await("my tickets") { it.history.scope == "mine" }.history
            assertEquals(listOf("mine", "organisation"), mine.scopes.map { it.id })
            assertEquals(
                listOf("Meine Tickets", "Tickets meiner Organisation"),
                mine.scopes.map { client.strings("de")[it.labelKey] },
            )
            assertTrue(mine.tickets.all { ticket -> ticket.columns.none { it.id == "users" } })

            model.choose("organisation")
            val all = model.shown().await("the others as well") { it.history.scope == "organisation" }.history
            assertTrue("${all.total} of ${mine.total}", all.total > mine.total)
            val users = all.tickets.flatMap { it.columns }.filter { it.id == "users" }
            assertTrue(users.isNotEmpty() && users.flatMap { it.texts }.any { it == "Ben Okafor" })

            client.setClaims(emptySet())
            val left = model.shown().await("what is left") { it.history.scopes.isEmpty() }.history
            assertEquals("mine" to mine.total, left.scope to left.total)
        }
    }

    @Test
    fun `a regulated account says why it has no history and can still write`() =
        withHub(emptyList()) { client ->
            client.awaitFirstSync()
            val model = HistoryViewModel(client, scope)
            val before =
                model
                    .shown()
                    .await("the history") { it.history.total > 0 }
                    .history.total
            client.setOnline(false)
            client.setClaims(setOf("regulated"))
            val none = model.state.filterIsInstance<HistoryState.Unavailable>().await("the reason") { true }
            listOf("en", "de", "es").forEach { assertTrue(it, none.stringKey in client.strings(it)) }
            assertTrue(none.history.tickets.isEmpty() && none.history.canCreate)
            client.awaitEmpty()

            client.submit(client.ticketDraft().copy(subject = "Währung für Zürich 💱", description = "Wie lautet der Kurs?"))
            val waiting = model.state.filterIsInstance<HistoryState.Unavailable>().await("what waits") { it.history.tickets.isNotEmpty() }
            assertEquals(
                "Währung für Zürich 💱",
                waiting.history.tickets
                    .single()
                    .subject,
            )
            assertEquals(waiting.history.tickets.size, waiting.places.size)

            client.setClaims(emptySet())
            client.setOnline(true)
            val again = model.shown().await("the history again") { it.history.total == before + 1 }
            assertFalse(again.history.tickets.isEmpty())
        }

    private suspend fun Pocketdesk.awaitEmpty() = status.await("the purge") { it.knownTickets == 0uL }
}

package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.FoundIn
import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistoryWindow
import dev.pocketdesk.bindings.Segment
import dev.pocketdesk.bindings.TicketHit
import dev.pocketdesk.kit.FoundTickets
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.say
import dev.pocketdesk.kit.search
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.HubTickets
import dev.pocketdesk.sandbox.setUpFor
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOf
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** What a user finds who searches the history, while typing and without a network; with the real core. */
class SearchTest : ViewModelTest() {
    /** Runs [test] with a client that has read everything and has no network. */
    private fun offline(
        company: Company = Company.WEB,
        before: () -> Unit = {},
        test: suspend (Pocketdesk) -> Unit,
    ) {
        sandbox.setUpFor(company.definition)
        before()
        withClient({ company.definition }) { client ->
            client.awaitFirstSync()
            client.history().await("what filters ask for to be computed") { !it.preparing && it.total > 0 }
            client.setOnline(false)
            test(client)
        }
    }

    private suspend fun HistoryViewModel.awaitFound(
        what: String,
        condition: (FoundTickets) -> Boolean = { true },
    ) = state.filterIsInstance<HistoryState.Found>().await(what) { it.found.text == part.value.view.search && condition(it.found) }

    private suspend fun HistoryViewModel.awaitNowhere(what: String) =
        state.filterIsInstance<HistoryState.NothingFound>().await(what) { it.found?.text == part.value.view.search }

    private val List<Segment>.hits get() = filter { it.hit }.map { it.text }

    private val List<TicketHit>.ids get() = map { it.row.id }

    @Test
    fun `tickets are found while a text is typed and what was found is marked`() =
        offline { client ->
            val ticket = client.submit(client.filledDraft("Währung für Zürich wird doppelt umgerechnet 💱"))
            val model = HistoryViewModel(client, scope)
            model.search("")
            model.state.filterIsInstance<HistoryState.Shown>().await("the history while nothing is typed") { it.history.total > 1 }
            val typed = "zurich wahr"
            typed.indices.forEach { model.search(typed.take(it + 1)) }
            val found = model.awaitFound("the ticket") { it.count == 1 }
            assertEquals(listOf(ticket), found.found.hits.ids)
            assertEquals(
                listOf("Währung", "Zürich"),
                found.found.hits
                    .single()
                    .title.hits,
            )
            assertEquals(1, found.places.size)
            assertTrue(found.history.canCreate)
            model.search("💱")
            model.state.filterIsInstance<HistoryState.Shown>().await("the history for a text without letters") { it.history.total > 1 }
        }

    @Test
    fun `the help desk is asked once for a text, with a network only, and its answer goes with the text`() {
        sandbox.setUpFor(Company.WEB.definition)
        withClient({ Company.WEB.definition }) { client ->
            client.awaitFirstSync()
            val model = HistoryViewModel(client, scope)
            model.search("Währung 4711 aus Zürich")
            model.controls.await("the offer") { it.serverSearch == ServerSearchState.Offered }
            model.searchServer()
            val answer = model.controls.await("the answer") { it.serverSearch is ServerSearchState.Found }.serverSearch
            assertEquals(ServerSearchState.Found(emptyList(), emptyList()), answer)
            sandbox.fault("server_error")
            model.search("Währung 4712")
            model.controls.await("another offer") { it.serverSearch == ServerSearchState.Offered }
            model.searchServer()
            model.controls.await("that it failed") { it.serverSearch is ServerSearchState.Failed }
            sandbox.heal()
            model.search("")
            model.controls.await("no offer without a text") { it.serverSearch == ServerSearchState.NotOffered }
            client.setOnline(false)
            model.search("Währung 4713")
            model.controls.await("no offer without a network") {
                it.serverSearch == ServerSearchState.NotOffered &&
                    it.view.search == "Währung 4713"
            }
        }
    }

    @Test
    fun `what waits to be sent is found in the message that has it in any script and case`() =
        offline { client ->
            val ticket = client.submit(client.filledDraft("Vertrag"))
            val message = client.say(ticket, "Das 合同 von GROẞMANN läuft am Freitag aus. 🙏")
            val model = HistoryViewModel(client, scope)
            for (typed in listOf("合同", "grossmann", "\"am freitag\"")) {
                model.search(typed)
                val hit =
                    model
                        .awaitFound(typed) { it.count == 1 }
                        .found.hits
                        .single()
                assertEquals(ticket, hit.row.id)
                assertEquals(typed, FoundIn.Comment(message), hit.foundIn)
                assertTrue("$typed in ${hit.excerpt}", hit.excerpt.hits.isNotEmpty())
            }
            model.search("VERTRAG 合同")
            assertEquals(
                "words in different texts of the ticket",
                listOf(ticket),
                model
                    .awaitFound("both")
                    .found.hits.ids,
            )
            listOf("search.found.comment", "search.found.description").forEach { assertLocalised(it) }
        }

    @Test
    fun `a filter applies to what is found and an empty result names text and filters`() =
        offline { client ->
            client.submit(client.filledDraft("Gutschein für Łódź"))
            val model = HistoryViewModel(client, scope)
            model.search("Gutschein Łódź")
            model.awaitFound("the ticket")
            val all = model.controls.await("the counts") { it.counts != null }
            assertTrue("what is found has its own order", all.sorts.isEmpty() && all.canSearch)
            val counts = checkNotNull(all.counts).statuses
            model.toggle(FilterValue.Status("closed"))
            val nowhere = model.awaitNowhere("no closed ticket with it")
            assertEquals("Gutschein Łódź", nowhere.found?.text)
            assertEquals(
                listOf(FilterValue.Status("closed")),
                nowhere.filters
                    .single()
                    .chosen
                    .map { it.value },
            )
            val beside = model.controls.await("the choice") { it.view.isFiltered }
            assertEquals("the counts stay those of the history", counts, beside.counts?.statuses)
            model.clearFilters()
            model.awaitFound("the ticket again") { it.count == 1 }
            model.search("Gutschein Kraków")
            assertTrue("no filter is in the way", model.awaitNowhere("nothing").filters.isEmpty())
            listOf("search.empty.title", "search.empty.text", "search.results.more", "search.everything", "search.covered").forEach {
                assertLocalised(it)
            }
        }

    @Test
    fun `an empty result names its own filter before the history has followed`() =
        offline { client ->
            val history = client.history().first()
            val closed = HistoryView(filter = HistoryFilter(statuses = listOf("closed")), search = "Gutschein Łódź")
            val found = client.search(flowOf(closed)).first()
            val state = HistoryViewModel.stateOf(client.historyOptions, history, client.status.first(), localDays(), found)
            val chosen = (state as HistoryState.NothingFound).filters.flatMap { it.chosen }
            assertEquals(listOf(FilterValue.Status("closed")), chosen.map { it.value })
        }

    @Test
    fun `clearing a search shows the history as it was`() =
        offline { client ->
            val model = HistoryViewModel(client, scope, start = HistoryPart(window = HistoryWindow(rowCount = 400u)))
            val before = model.state.filterIsInstance<HistoryState.Shown>().await("the history") { it.history.total > 1 }
            model.search("pixel")
            model.state.await("a result") { it is HistoryState.Found || (it as? HistoryState.NothingFound)?.found != null }
            model.clearSearch()
            assertNull(model.part.value.view.search)
            val after = model.state.filterIsInstance<HistoryState.Shown>().await("the history again") { true }
            assertEquals(before.history, after.history)
            assertTrue(
                model.controls
                    .await("the orders") { it.sorts.isNotEmpty() }
                    .sorts
                    .isNotEmpty(),
            )
        }

    @Test
    fun `more than fifty hits come while the list is scrolled each once and in one order`() =
        offline { client ->
            val written = (1..60).map { client.submit(client.filledDraft("Sammelrechnung Nº $it für Ömer 🧾")) }
            val model = HistoryViewModel(client, scope)
            model.search("sammelrechnung omer")
            val first = model.awaitFound("the first page") { it.count == 60 }.found
            assertEquals(Pocketdesk.PAGE to true, first.hits.size to first.hasMore)
            model.showMore()
            val whole = model.awaitFound("the rest") { it.hits.size == 60 }.found
            assertEquals(first.hits, whole.hits.take(first.hits.size))
            assertEquals(written.toSet(), whole.hits.ids.toSet())
            assertFalse(whole.hasMore || whole.countIsCapped)
            assertNull("everything on this device was searched", whole.coverage)
            model.search("sammelrechnung")
            assertEquals(
                "another text begins with its first page",
                Pocketdesk.PAGE,
                model
                    .awaitFound("the first page")
                    .found.hits.size,
            )
        }

    @Test
    fun `a number finds its ticket before all others and a new hit appears by itself`() =
        offline { client ->
            val known =
                client
                    .history()
                    .first()
                    .tickets
                    .first { it.number != null }
            client.submit(client.filledDraft("Wie ${known.number}, nur für Größe M"))
            val model = HistoryViewModel(client, scope)
            model.search("#${known.number}")
            val found = model.awaitFound("both") { it.count >= 2 }.found.hits
            assertEquals(known.id to FoundIn.Number, found.first().run { row.id to foundIn })
            val later = client.submit(client.filledDraft("Noch einmal ${known.number}"))
            model.awaitFound("the later one") { later in it.hits.ids }
        }

    @Test
    fun `what was typed is searched for again after the end of the process`() =
        offline { client ->
            val ticket = client.submit(client.filledDraft("Fußnote auf Seite 3"))
            val before = HistoryViewModel(client, scope)
            before.search("fussnote")
            before.awaitFound("the ticket")
            val after = HistoryViewModel(client, scope, start = before.part.value)
            assertEquals(
                listOf(ticket),
                after
                    .awaitFound("the same")
                    .found.hits.ids,
            )
        }

    @Test
    fun `the hub finds an escalation by its id and says in which field`() =
        offline(Company.HUB, before = { HubTickets(sandbox).escalated() }) { client ->
            val model = HistoryViewModel(client, scope)
            model.search("cp-20419")
            val hit =
                model
                    .awaitFound("the escalation")
                    .found.hits
                    .first { it.foundIn is FoundIn.Field }
            assertEquals(FoundIn.Field("escalation_id"), hit.foundIn)
            assertEquals("CP-20419", hit.excerpt.joinToString("") { it.text })
            listOf("en", "de", "es").forEach { assertTrue("field.escalation_id" in client.strings(it)) }
        }

    @Test
    fun `a product without a search offers none and a text of before finds nothing`() =
        withClient { client ->
            client.awaitFirstSync()
            val model = HistoryViewModel(client, scope, start = HistoryPart(HistoryView(search = "pixel")))
            model.search("pixel")
            assertEquals(HistoryView(), model.part.value.view)
            assertFalse(model.controls.first().canSearch)
            model.state.filterIsInstance<HistoryState.Shown>().await("the history") { it.history.total > 1 }
        }

    @Test
    fun `half an emoji in a text is no error`() =
        offline { client ->
            val found = client.search(flowOf(HistoryView(search = "pixel \uD83D"))).first()
            assertEquals("pixel \uD83D", found.text)
        }
}

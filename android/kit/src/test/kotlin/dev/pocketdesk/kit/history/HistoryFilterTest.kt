package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistorySection
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.HistoryWindow
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.markAllRead
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

/** What a user filters the history by, how it is sorted, and how many tickets stand beside each value; with the real core. */
class HistoryFilterTest : ViewModelTest() {
    private fun withCompany(
        company: Company,
        before: () -> Unit = {},
        test: suspend (Pocketdesk) -> Unit,
    ) {
        sandbox.setUpFor(company.definition)
        before()
        withClient({ company.definition }) { client ->
            client.awaitFirstSync()
            client.history().await("what filters and orders ask for to be computed") { !it.preparing && it.total > 0 }
            test(client)
        }
    }

    private suspend fun Pocketdesk.all(): List<TicketRow> {
        val whole = HistoryPart(window = HistoryWindow(rowCount = 400u))
        return history(flowOf(whole)).first().tickets
    }

    private suspend fun HistoryViewModel.awaitCounts() = controls.await("the counts") { it.counts != null }

    private suspend fun HistoryViewModel.awaitShown(
        what: String,
        condition: (HistoryState.Shown) -> Boolean,
    ) = state.filterIsInstance<HistoryState.Shown>().await(what, condition = condition)

    private fun HistoryControls.filter(key: String) = filters.first { it.labelKey == key }

    private fun HistoryControls.chosenIn(key: String) = filter(key).chosen.map { it.value }

    private fun HistoryControls.choice(value: FilterValue) = filters.flatMap { it.choices }.first { it.value == value }

    @Test
    fun `each status shows as many tickets as stand beside it and several show their sum`() =
        withCompany(Company.WEB) { client ->
            val all = client.all()
            val model = HistoryViewModel(client, scope, start = HistoryPart(window = HistoryWindow(rowCount = 400u)))
            val statuses = model.awaitCounts().filter("column.status").choices
            assertEquals(client.historyOptions.statuses.map { it.labelKey }, statuses.map { it.labelKey })
            assertEquals(
                all.groupingBy { it.status.id }.eachCount().mapKeys { FilterValue.Status(checkNotNull(it.key)) },
                statuses.filter { it.count != 0L }.associate { it.value to it.count?.toInt() },
            )
            val (one, other) = statuses.filter { it.count != 0L }
            model.toggle(one.value)
            val chosen = model.part.value.view.filter
            val narrowed = model.awaitShown("one status") { it.history.filter == chosen && it.history.total == one.count }
            assertEquals(
                setOf(one.value),
                narrowed.history.tickets
                    .map { FilterValue.Status(checkNotNull(it.status.id)) }
                    .toSet(),
            )
            val beside = model.controls.await("the choice") { it.choice(one.value).chosen }
            assertEquals("the other status counts as if it were chosen alone", other.count, beside.choice(other.value).count)
            model.toggle(other.value)
            model.awaitShown("both") { it.history.total == checkNotNull(one.count) + checkNotNull(other.count) }
            val both = model.controls.await("both") { it.choice(other.value).chosen }
            assertEquals(listOf(one.value, other.value), both.chosenIn("column.status"))
            model.toggle(one.value)
            model.awaitShown("the other one") { it.history.total == other.count }
            model.clearFilters()
            model.awaitShown("everything") { it.history.total == all.size.toLong() }
            assertFalse(model.part.value.view.isFiltered)
        }

    @Test
    fun `my own tickets and those of all users are counted and shown`() {
        withCompany(Company.WEB, before = { sandbox.share("ada", "view") }) { client ->
            val all = client.all()
            val model = HistoryViewModel(client, scope, start = HistoryPart(window = HistoryWindow(rowCount = 400u)))
            val controls = model.awaitCounts()
            val creators = controls.filter("column.creator")
            assertEquals(listOf("history.filter.all_users", "history.filter.me"), creators.choices.map { it.labelKey })
            assertEquals("all users is no filter", emptyList<FilterChoice>(), creators.chosen)
            val mine =
                all.count {
                    client
                        .thread(it.id)
                        .first()
                        .ticket.createdByMe
                }
            assertEquals(listOf(all.size.toLong(), mine.toLong()), creators.choices.map { it.count })
            assertTrue("somebody else's tickets are there", mine < all.size)
            model.toggle(FilterValue.Creator(mine = true))
            model.awaitShown("mine") { it.history.filter.mine && it.history.total == mine.toLong() }
            model.toggle(FilterValue.Creator(mine = false))
            model.awaitShown("those of all users") { it.history.total == all.size.toLong() }
        }
    }

    @Test
    fun `unread ones are shown and when none is left the filters in the way are named and can be cleared`() =
        withCompany(Company.WEB) { client ->
            client.setOnline(false)
            client.markAllRead()
            val ticket = client.all().first { it.markKey == "history.mark_unread" }
            val model = HistoryViewModel(client, scope)
            model.awaitCounts()
            model.mark(ticket)
            model.controls.await("one unread ticket") { it.choice(FilterValue.Read(false)).count == 1L }
            model.toggle(FilterValue.Read(false))
            val unread = model.awaitShown("the unread one") { it.history.total == 1L }.history
            assertEquals(listOf(ticket.id), unread.tickets.map { it.id })
            val status = FilterValue.Status(checkNotNull(ticket.status.id))
            model.toggle(status)
            model.awaitShown("the same with its status") {
                it.history.filter.statuses
                    .isNotEmpty()
            }
            client.markAllRead()
            val none = model.state.filterIsInstance<HistoryState.NothingFound>().await("no unread ticket") { it.filters.size == 2 }
            val inTheWay = none.filters.flatMap { it.chosen }.map { it.value }
            assertEquals(listOf(status, FilterValue.Read(false)), inTheWay)
            assertTrue(none.history.canCreate)
            val keys = none.filters.flatMap { filter -> filter.chosen.map { it.labelKey } + filter.labelKey }
            listOf("en", "de", "es").forEach { language -> assertTrue(language, keys.all { it in client.strings(language) }) }
            assertLocalised("history.filter.empty.text")
            model.clearFilters()
            model.awaitShown("everything") { it.history.total > 1 }
        }

    @Test
    fun `an order begins as people expect and choosing it again reverses it`() =
        withCompany(Company.WEB) { client ->
            val model = HistoryViewModel(client, scope, start = HistoryPart(window = HistoryWindow(rowCount = 400u)))
            val controls = model.awaitCounts()
            assertEquals(SortKey.entries.toSet(), controls.sorts.map { it.key }.toSet())
            controls.sorts.forEach { assertLocalised(it.labelKey) }
            assertEquals(HistorySort(SortKey.LAST_ACTIVITY, descending = true), controls.sort)
            assertTrue(model.awaitShown("the product's order") { true }.history.byDay)

            model.sortBy(SortKey.CREATED)
            val newest = model.awaitShown("newest first") { it.history.sort == HistorySort(SortKey.CREATED, true) }
            val created = newest.history.tickets.map { it.createdAt }
            assertEquals(created.sortedDescending(), created)
            assertFalse(newest.history.byDay)
            assertEquals(setOf(HistorySection.OTHERS), newest.places.map { it.section }.toSet())
            model.sortBy(SortKey.CREATED)
            val oldest = model.awaitShown("oldest first") { it.history.sort == HistorySort(SortKey.CREATED, false) }
            assertEquals(created.reversed(), oldest.history.tickets.map { it.createdAt })

            model.sortBy(SortKey.STATUS)
            val sorted = model.awaitShown("by status") { it.history.sort == HistorySort(SortKey.STATUS, false) }.history
            val order = client.historyOptions.statuses.map { it.id }
            val places = sorted.tickets.map { order.indexOf(it.status.id) }
            assertEquals(places.sorted(), places)
        }

    @Test
    fun `what waits to be sent is above every order and is found by its creator`() =
        withCompany(Company.WEB) { client ->
            client.setOnline(false)
            val waiting = client.submit(client.filledDraft("Währung für Zürich 💱"))
            val model = HistoryViewModel(client, scope)
            model.sortBy(SortKey.STATUS)
            val shown = model.awaitShown("by status") { it.history.sort?.key == SortKey.STATUS }
            assertEquals(
                waiting,
                shown.history.tickets
                    .first()
                    .id,
            )
            assertEquals(listOf(HistorySection.UNSENT, HistorySection.OTHERS), shown.places.map { it.section }.distinct())
            model.toggle(FilterValue.Creator(mine = true))
            val mine = model.awaitShown("mine") { it.history.filter.mine }.history
            assertEquals(waiting, mine.tickets.first().id)
        }

    @Test
    fun `what was chosen is there again after the end of the process and what is no longer offered is not`() =
        withCompany(Company.WEB) { client ->
            val before = HistoryViewModel(client, scope)
            before.toggle(FilterValue.Creator(mine = true))
            before.sortBy(SortKey.CREATOR)
            val saved = before.part.value.view
            val old = saved.copy(filter = saved.filter.copy(statuses = listOf("a_status_of_last_year"), ticketTypes = listOf("fax")))
            val after = HistoryViewModel(client, scope, start = HistoryPart(old))
            assertEquals(saved, after.part.value.view)
            val shown = after.awaitShown("the same tickets") { true }.history
            assertEquals(HistoryFilter(mine = true) to HistorySort(SortKey.CREATOR, false), shown.filter to shown.sort)
        }

    @Test
    fun `the hub finds what is escalated and sorts it to the top`() {
        fun tickets() = HubTickets(sandbox).run { listOf(mail("Zoll für Paket Ü-17"), escalated(), phone()) }
        withCompany(Company.HUB, before = { tickets() }) { client ->
            val escalated = FilterValue.Mark("escalated")
            val model = HistoryViewModel(client, scope)
            val controls = model.awaitCounts()
            assertEquals(listOf("column.status", "column.ticket_type"), controls.filters.map { it.labelKey })
            assertEquals(listOf(SortKey.CREATED, SortKey.STATUS), controls.sorts.map { it.key })
            assertEquals("mark.escalated" to 1L, controls.choice(escalated).run { labelKey to count })
            model.toggle(escalated)
            val only = model.awaitShown("the escalated one") { it.history.total == 1L }.history
            val found = only.tickets.single()
            assertEquals(listOf("mark.escalated"), found.markKeys)
            model.toggle(FilterValue.TicketType("phone"))
            model.state.filterIsInstance<HistoryState.NothingFound>().await("no escalated call") { it.filters.size == 2 }
            model.toggle(escalated)
            val call = model.awaitShown("the call") { it.history.total == 1L }.history
            assertEquals("phone", call.tickets.single().ticketType)
            model.clearFilters()
            model.sortBy(SortKey.STATUS)
            val sorted =
                model.awaitShown("by status") {
                    !it.history.filter.ticketTypes
                        .any() && it.history.sort?.key == SortKey.STATUS
                }
            assertEquals(
                found.id,
                sorted.history.tickets
                    .first()
                    .id,
            )
        }
    }

    @Test
    fun `a product with neither filters nor orders offers none`() =
        withClient { client ->
            client.awaitFirstSync()
            val model = HistoryViewModel(client, scope)
            model.awaitShown("the history") { it.history.byDay }
            model.toggle(FilterValue.Status("solved"))
            model.sortBy(SortKey.STATUS)
            assertEquals("what is not offered cannot be chosen", HistoryView(), model.part.value.view)
            val controls = model.controls.first()
            assertTrue(controls.filters.isEmpty() && controls.sorts.isEmpty())
            assertNull(controls.counts)
        }
}

package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistoryOptions
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.HistoryWindow
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.kit.isSearchable

/** A part of the history: what a screen holds of it. */
public data class HistoryPart(
    /** Which tickets, and in which order. */
    val view: HistoryView = HistoryView(),
    /** Which of their rows. */
    val window: HistoryWindow = HistoryWindow(),
) {
    /** The same without a search, which does not concern the rows of the history. */
    internal val whole: HistoryPart get() = copy(view = view.copy(search = null))
}

/** Which tickets of the history are shown, and in which order. */
public data class HistoryView(
    /** The id of one of [History.scopes][dev.pocketdesk.kit.History.scopes]. Null, or one that this user is not offered, is the first. */
    val scope: String? = null,
    /** By what it is narrowed. */
    val filter: HistoryFilter = HistoryFilter(),
    /** The order; null for the product's own. */
    val sort: HistorySort? = null,
    /** What is searched for within the scope and the filter; null if no search is open. */
    val search: String? = null,
) {
    /** Whether tickets are searched for, rather than all of them shown. A text without a letter and a digit searches for nothing. */
    public val isSearched: Boolean get() = search?.isSearchable == true

    /** Whether anything is filtered out. */
    public val isFiltered: Boolean get() = filter != HistoryFilter()

    /** The same with a value of a filter chosen, or no longer chosen if it was. A creator that is chosen stays so. */
    internal fun toggled(value: FilterValue): HistoryView =
        copy(
            filter =
                when (value) {
                    is FilterValue.Status -> filter.copy(statuses = filter.statuses.toggled(value.id))
                    is FilterValue.Mark -> filter.copy(marks = filter.marks.toggled(value.id))
                    is FilterValue.TicketType -> filter.copy(ticketTypes = filter.ticketTypes.toggled(value.id))
                    is FilterValue.Creator -> filter.copy(mine = value.mine)
                    is FilterValue.Read -> filter.copy(read = value.read.takeIf { it != filter.read })
                },
        )

    /** The same in another order. Choosing the order that it has reverses it. */
    internal fun sortedBy(
        key: SortKey,
        options: HistoryOptions,
    ): HistoryView {
        val choice = options.sorts.find { it.key == key } ?: return this
        val now = sort ?: options.defaultSort
        return copy(sort = HistorySort(key, if (now.key == key) !now.descending else choice.descending))
    }

    /**
     * The same without what a product does not offer: it may have been chosen when the product was another one. Also without limits of the time of
     * creation, which no control chooses.
     */
    internal fun offeredBy(options: HistoryOptions): HistoryView {
        fun List<String>.among(offered: List<String>) = filter { it in offered }
        val offered =
            HistoryFilter(
                statuses = filter.statuses.among(options.statuses.map { it.id }),
                marks = filter.marks.among(options.marks.map { it.id }),
                mine = filter.mine && options.byCreator,
                read = filter.read.takeIf { options.byRead },
                ticketTypes = filter.ticketTypes.among(options.ticketTypes.map { it.id }),
            )
        return copy(
            filter = offered,
            sort = sort?.takeIf { chosen -> options.sorts.any { it.key == chosen.key } },
            search = search.takeIf { options.search },
        )
    }
}

private fun List<String>.toggled(id: String): List<String> = if (id in this) this - id else this + id

package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.HistoryChoice
import dev.pocketdesk.bindings.HistoryCount
import dev.pocketdesk.bindings.HistoryCounts
import dev.pocketdesk.bindings.HistoryOptions
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.SortChoice

/**
 * By what the history can be narrowed and sorted, and what of it the user has chosen. What a search finds is narrowed by the same filters; the
 * [counts] beside their values are those of the history all the same, because a count of what is found would need a search for each value.
 *
 * @property options what the product offers.
 * @property view what the user has chosen.
 * @property counts how many tickets each value has; null until they were counted.
 * @property serverSearch what the help desk's own search has to do with what is searched for.
 */
public data class HistoryControls(
    val options: HistoryOptions,
    val view: HistoryView = HistoryView(),
    val counts: HistoryCounts? = null,
    val serverSearch: ServerSearchState = ServerSearchState.NotOffered,
) {
    /** The filters in the order in which a screen offers them. Empty if the product has none. */
    val filters: List<Filter> get() = listOf(statuses(), readStates(), creators(), ticketTypes()).filter { it.choices.isNotEmpty() }

    /** The orders; empty if there is one only. What a search has found has its own. */
    val sorts: List<SortChoice> get() = if (view.isSearched) emptyList() else options.sorts

    /** Whether a search can be opened. */
    val canSearch: Boolean get() = options.search

    /** The order in which the history is. */
    val sort: HistorySort get() = view.sort ?: options.defaultSort

    private fun statuses(): Filter {
        val statuses = options.statuses.choices(counts?.statuses, view.filter.statuses, FilterValue::Status)
        return Filter("column.status", statuses + options.marks.choices(counts?.marks, view.filter.marks, FilterValue::Mark))
    }

    private fun ticketTypes() =
        Filter("column.ticket_type", options.ticketTypes.choices(counts?.ticketTypes, view.filter.ticketTypes, FilterValue::TicketType))

    private fun readStates() =
        Filter(
            "column.read",
            listOf(false, true).filter { options.byRead }.map { read ->
                val count = if (read) counts?.read else counts?.unread
                val key = if (read) "history.filter.read" else "history.filter.unread"
                FilterChoice(FilterValue.Read(read), key, count?.toLong(), view.filter.read == read)
            },
        )

    private fun creators() =
        Filter(
            "column.creator",
            listOf(false, true).filter { options.byCreator }.map { mine ->
                val count = if (mine) counts?.mine else counts?.anyone
                val key = if (mine) "history.filter.me" else "history.filter.all_users"
                FilterChoice(FilterValue.Creator(mine), key, count?.toLong(), view.filter.mine == mine)
            },
        )

    private fun List<HistoryChoice>.choices(
        counts: List<HistoryCount>?,
        chosen: List<String>,
        value: (String) -> FilterValue,
    ) = map { choice ->
        FilterChoice(value(choice.id), choice.labelKey, counts?.find { it.id == choice.id }?.tickets?.toLong(), choice.id in chosen)
    }
}

/**
 * A filter, and its values.
 *
 * @property labelKey its name, a key of [Strings][dev.pocketdesk.kit.Strings].
 */
public data class Filter(
    val labelKey: String,
    val choices: List<FilterChoice>,
) {
    /** The values that keep something out. Empty if the filter lets everything through. */
    val chosen: List<FilterChoice> get() = choices.filter { it.chosen && it.value != FilterValue.Creator(mine = false) }
}

/**
 * A value of a filter.
 *
 * @property value what to pass to [HistoryViewModel.toggle].
 * @property labelKey its name, a key of [Strings][dev.pocketdesk.kit.Strings].
 * @property count how many tickets there are once this value alone is chosen in its filter; null until they were counted.
 */
public data class FilterChoice(
    val value: FilterValue,
    val labelKey: String,
    val count: Long?,
    val chosen: Boolean,
)

/** A value of a filter: what a ticket has to have or be to be shown. */
public sealed interface FilterValue {
    /** A status of the product. Of the statuses and marks that are chosen, a ticket has to have one. */
    public data class Status(
        val id: String,
    ) : FilterValue

    /** A mark over the status, such as "Escalated". */
    public data class Mark(
        val id: String,
    ) : FilterValue

    /** A type of tickets. */
    public data class TicketType(
        val id: String,
    ) : FilterValue

    /** Tickets that this user created, or those of every user. */
    public data class Creator(
        val mine: Boolean,
    ) : FilterValue

    /** Read tickets, or unread ones. */
    public data class Read(
        val read: Boolean,
    ) : FilterValue
}

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.HistoryColumn
import dev.pocketdesk.bindings.HistoryCounts
import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistoryScope
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.kit.history.HistoryView
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.map

/** The tickets of a part of the history. */
public data class History(
    /** In the order of the view, unsent tickets before all others. */
    val tickets: List<TicketRow>,
    /** How many tickets there are on this device altogether, in this scope and with this filter. */
    val total: Long,
    /** Which part it is. What is new at the top belongs to a part at the top. */
    val part: HistoryPart = HistoryPart(),
    /** The part one page further up; null at the top. */
    val up: HistoryPart? = null,
    /** The part one page further down; null at the end. */
    val down: HistoryPart? = null,
    /** The id of the scope; null if the product has none. */
    val scope: String? = null,
    /** The scopes between which the user can switch. Empty if there is nothing to switch. */
    val scopes: List<HistoryScope> = emptyList(),
    /**
     * Why there is no history for this user, a key of [Strings]; null if there is one. Then what was read before was removed from this device, and
     * [tickets] are only those with something that was not sent yet.
     */
    val unavailableKey: String? = null,
    /** Whether this user can write a new ticket in the app. */
    val canCreate: Boolean = true,
    /** What a list that is wide enough to be a table shows of each ticket, in order. A column that may be left out is not here while it is empty. */
    val columns: List<HistoryColumn> = emptyList(),
    /** Says that what is read and unread holds on this device only, a key of [Strings]; null if it is shared with the other users of the account. */
    val readMarksKey: String? = null,
    /** In which order it is; null if that is not known. */
    val sort: HistorySort? = null,
    /** Whether the newest activity comes first, so that the days can be sections. */
    val byDay: Boolean = true,
    /** Whether tickets may be missing for some seconds, because what the filter or the order asks for is still being computed. */
    val preparing: Boolean = false,
) {
    /** Whether there are further tickets above these. */
    val hasPrevious: Boolean get() = up != null

    /** Whether there are further tickets below these. */
    val hasMore: Boolean get() = down != null

    /** By what it was narrowed. */
    val filter: HistoryFilter get() = part.view.filter
}

/**
 * The number of tickets for each value of the filters, as it is shown beside that value, now and after every change.
 *
 * @throws dev.pocketdesk.bindings.ClientException in the flow, if the store cannot be read.
 */
public fun Pocketdesk.historyCounts(view: Flow<HistoryView>): Flow<HistoryCounts> =
    combine(feed.changes.filter { it == null || it.history || it.status }, view) { _, chosen -> chosen }
        .conflate()
        .map { onDisk { client.historyCounts(it.scope, it.filter) } }
        .distinctUntilChanged()

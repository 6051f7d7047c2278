package dev.pocketdesk.kit

import dev.pocketdesk.bindings.HistoryColumn
import dev.pocketdesk.bindings.HistoryScope
import dev.pocketdesk.bindings.TicketRow

/** The newest tickets of one scope. */
public data class History(
    /** Newest activity first, unsent tickets before all others. */
    val tickets: List<TicketRow>,
    /** How many tickets there are on this device altogether, in this scope. */
    val total: Long,
    /** Whether there are older tickets: ask for more rows. */
    val hasMore: Boolean,
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
)

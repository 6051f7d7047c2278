package dev.pocketdesk.kit

import dev.pocketdesk.bindings.TicketRow

/** The newest tickets. */
public data class History(
    /** Newest activity first, unsent tickets before all others. */
    val tickets: List<TicketRow>,
    /** How many tickets there are on this device altogether. */
    val total: Long,
    /** Whether there are older tickets: ask for more rows. */
    val hasMore: Boolean,
)

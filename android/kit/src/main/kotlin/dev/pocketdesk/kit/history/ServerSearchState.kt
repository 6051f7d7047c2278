package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.TicketRow

/** What the help desk's own search has to do with a search on screen. It stands below what was found on this device. */
public sealed interface ServerSearchState {
    /** It cannot be asked: nothing is searched for, the help desk cannot be reached, or it has no search. */
    public data object NotOffered : ServerSearchState

    /** It can be asked: [HistoryViewModel.searchServer]. */
    public data object Offered : ServerSearchState

    /** It is being asked. */
    public data object Searching : ServerSearchState

    /**
     * It has answered.
     *
     * @property tickets those that were not found on this device, in the help desk's order. Empty if it has found nothing else.
     * @property places as in [HistoryState.Shown].
     */
    public data class Found(
        val tickets: List<TicketRow>,
        val places: List<RowPlace>,
    ) : ServerSearchState

    /**
     * It did not answer.
     *
     * @property canAskAgain whether it can be asked again now.
     */
    public data class Failed(
        val canAskAgain: Boolean,
    ) : ServerSearchState
}

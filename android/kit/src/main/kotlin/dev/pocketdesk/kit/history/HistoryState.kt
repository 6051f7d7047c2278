package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.SyncProgress
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.kit.FoundTickets
import dev.pocketdesk.kit.History

/** What the ticket history shows. */
public sealed interface HistoryState {
    /**
     * The first read, or the first sync as long as there is nothing to show.
     *
     * @property progress how far the first sync is, once that is known.
     */
    public data class Loading(
        val progress: SyncProgress? = null,
    ) : HistoryState

    /**
     * There is nothing to show, for a reason.
     *
     * @property stringKey the reason, a key of [Strings][dev.pocketdesk.kit.Strings].
     * @property status null if the store could not be read.
     */
    public data class Failed(
        val stringKey: String,
        val status: SyncStatus? = null,
    ) : HistoryState

    /**
     * The user has no tickets, or none in this scope.
     *
     * @property history says between which scopes the user can switch.
     */
    public data class Empty(
        val status: SyncStatus,
        val history: History = History(emptyList(), 0),
    ) : HistoryState

    /**
     * The user has tickets, and none of them has what the filters and the search ask for.
     *
     * @property filters those in which something is chosen, each with what [Filter.chosen] says.
     * @property found the search that found nothing; null if nothing is searched for.
     */
    public data class NothingFound(
        val history: History,
        val status: SyncStatus,
        val filters: List<Filter>,
        val found: FoundTickets? = null,
    ) : HistoryState

    /**
     * What a search has found.
     *
     * @property history the history in which it was searched for: its scopes, for example. Its tickets are not what was found.
     * @property places as in [Shown], for each hit.
     */
    public data class Found(
        val found: FoundTickets,
        val history: History,
        val status: SyncStatus,
        val places: List<RowPlace>,
    ) : HistoryState

    /**
     * There is no history for this user, for a reason. What the user wrote and what was not sent yet is shown all the same.
     *
     * @property stringKey the reason, a key of [Strings][dev.pocketdesk.kit.Strings].
     * @property places as in [Shown].
     */
    public data class Unavailable(
        val stringKey: String,
        val history: History,
        val status: SyncStatus,
        val places: List<RowPlace>,
    ) : HistoryState

    /**
     * There are tickets. They are shown with or without a network.
     *
     * @property places for each ticket, under which section it stands and how the time of its last activity is written.
     */
    public data class Shown(
        val history: History,
        val status: SyncStatus,
        val places: List<RowPlace>,
    ) : HistoryState
}

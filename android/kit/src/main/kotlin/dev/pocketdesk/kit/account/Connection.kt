package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.SyncStatus

/** Why nothing can be sent or read at the moment. */
public enum class Obstacle {
    /** The platform reports no network. */
    NO_NETWORK,

    /** There is a network, and the help desk cannot be reached. */
    HELP_DESK_UNREACHABLE,
}

/**
 * What every screen tells about the connection.
 *
 * @property obstacle null if nothing stands in the way, as far as is known.
 * @property waiting how many messages and changes wait to be sent, in all tickets.
 */
public data class Connection(
    val obstacle: Obstacle? = null,
    val waiting: Int = 0,
)

/** What of this status every screen tells about the connection. */
public val SyncStatus.connection: Connection
    get() =
        Connection(
            obstacle =
                when {
                    !network -> Obstacle.NO_NETWORK
                    !online || problem == AccountProblem.SERVER_UNREACHABLE -> Obstacle.HELP_DESK_UNREACHABLE
                    else -> null
                },
            waiting = waiting.toInt(),
        )

package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.Obstacle
import dev.pocketdesk.bindings.SyncStatus

/**
 * What every screen tells about the connection.
 *
 * @property obstacle null if nothing stands in the way, as far as is known.
 * @property waiting how many messages and changes the server has not confirmed, in all tickets.
 * @property obstacleKey what is told about the obstacle, a key of [Strings][dev.pocketdesk.kit.Strings].
 */
public data class Connection(
    val obstacle: Obstacle? = null,
    val waiting: Int = 0,
    val obstacleKey: String? = null,
)

/** What of this status every screen tells about the connection. */
public val SyncStatus.connection: Connection get() = Connection(obstacle, waiting.toInt(), obstacleKey)

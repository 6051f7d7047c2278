package dev.pocketdesk.kit

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.TicketRow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map

// What is read and what is not. Opening a thread marks it as read; see Pocketdesk.threadOpened.

/** How many of the user's own tickets are unread, for a badge, now and after every change. Its text is counted: `history.unread_tickets`. */
public val Pocketdesk.unreadTickets: Flow<Int>
    get() = live({ it.history || it.status }) { client.unreadTickets() }.map { it.toInt() }.distinctUntilChanged()

/**
 * Marks a ticket as unread, to be reminded of it on this device. It stays so until its thread is opened or it is marked as read, whatever other
 * devices read.
 *
 * @throws ClientException.NoSuchTicket there is no such ticket, or no longer.
 */
public suspend fun Pocketdesk.markUnread(ticket: Long): Unit = onDisk { client.markUnread(ticket) }

/**
 * Marks a ticket as read without opening its thread.
 *
 * @throws ClientException.NoSuchTicket there is no such ticket, or no longer.
 */
public suspend fun Pocketdesk.markRead(ticket: Long): Unit = onDisk { client.markRead(ticket) }

/** Marks every ticket of a scope as read. Null, or a scope that this user is not offered, is the first. */
public suspend fun Pocketdesk.markAllRead(scope: String? = null): Unit = onDisk { client.markAllRead(scope) }

/** Does what [TicketRow.markKey] offers. Call it only if that is not null. */
internal suspend fun Pocketdesk.mark(row: TicketRow): Unit = if (row.unread) markRead(row.id) else markUnread(row.id)

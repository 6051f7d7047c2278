package dev.pocketdesk.kit

import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.kit.client.wellFormed

// What a user changes about a ticket, beside writing a reply.

/**
 * Adds CC addresses to a ticket. The change is on disk on return, and is shown in `Ticket.changes` until the server has it. Addresses
 * that the ticket has already, and the user's own, are dropped. If no address is left, nothing is changed.
 *
 * @throws ChangeException.NotOffered the product does not offer it: see `Product.addCc`.
 * @throws ChangeException.Invalid some addresses are malformed; nothing was changed.
 * @throws ChangeException.TicketClosed the ticket takes no more changes.
 * @throws ChangeException.NoLongerVisible the server no longer shows the ticket to this user.
 */
public suspend fun Pocketdesk.addCc(
    ticket: Long,
    addresses: List<String>,
): Unit = enqueue { client.addCc(ticket, addresses.map(String::wellFormed)) }

/**
 * Marks the user's own ticket as solved. The change is on disk on return, and shown in `Ticket.changes` until the server has it.
 *
 * @throws ChangeException.NotOffered the product does not offer it (see `Product.solve`), or another user created the ticket.
 * @throws ChangeException.TicketClosed the ticket takes no more changes.
 * @throws ChangeException.NoLongerVisible the server no longer shows the ticket to this user.
 */
public suspend fun Pocketdesk.solve(ticket: Long): Unit = enqueue { client.solve(ticket) }

/**
 * Sends again a change of a ticket that waits for a decision of the user.
 *
 * @throws ClientException.NotPossibleNow `PendingChange.canRetry` is false by now.
 */
public suspend fun Pocketdesk.retryChange(change: Long): Unit = enqueue { client.retryChange(change) }

/**
 * Takes back an unsent change of a ticket.
 *
 * @throws ClientException.NotPossibleNow `PendingChange.canDiscard` is false by now.
 */
public suspend fun Pocketdesk.discardChange(change: Long): Unit = onDisk { client.discardChange(change) }

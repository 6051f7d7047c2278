package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Acted
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.kit.client.wellFormed
import java.util.Locale

// What a user does with a ticket, beside writing a reply. The product decides which actions there are, and core which of them this user is offered.

/**
 * Returns what the detail screen of a ticket shows and offers, with its texts in [language] (a BCP 47 tag). [Pocketdesk.thread] has it too, and
 * emits it again after every change.
 *
 * @throws ClientException.NoSuchTicket there is no such ticket, or no longer.
 */
public suspend fun Pocketdesk.details(
    ticket: Long,
    language: String = Locale.getDefault().toLanguageTag(),
): TicketDetails = onDisk { client.details(ticket, language) }

/**
 * Does an action of the product with a ticket. What it has written is on disk on return, and is sent when the network allows. A second call for what
 * was just done changes nothing. For the kinds `Feedback` and `Toggle` call [giveFeedback] and [setToggle].
 *
 * Save what the user is typing first ([Pocketdesk.saveReplyDraft]), and read the draft again after [Acted.ReplyDraft]: the action may add to it.
 *
 * @param action the `ActionOffer.id`.
 * @param addresses those of an action of the kind `AddCc`; empty for every other one.
 * @param language the language of texts that the action writes, as a BCP 47 tag.
 * @throws ChangeException.NotOffered this user is not offered the action now.
 * @throws ChangeException.Invalid some addresses are malformed; nothing was changed.
 * @throws ChangeException.TicketClosed the ticket takes no more changes.
 * @throws ChangeException.NoLongerVisible the server no longer shows the ticket to this user.
 */
public suspend fun Pocketdesk.act(
    ticket: Long,
    action: String,
    addresses: List<String> = emptyList(),
    language: String = Locale.getDefault().toLanguageTag(),
): Acted = enqueue { client.act(ticket, action, addresses.map(String::wellFormed), language) }

/**
 * Says how the help desk did. Feedback is on disk on return, and shown in `Ticket.changes` until the server has it. It counts once: a second call
 * changes nothing.
 *
 * @param action the id of an `ActionOffer` of the kind `Feedback`.
 * @param answer the `FeedbackAnswer.id`.
 * @param text what the user wrote; empty for nothing.
 * @throws ChangeException.NotOffered this user is not offered it now.
 * @throws ChangeException.Invalid it needs a text and has none; nothing was changed.
 */
public suspend fun Pocketdesk.giveFeedback(
    ticket: Long,
    action: String,
    answer: String,
    text: String = "",
): Unit = enqueue { client.giveFeedback(ticket, action, answer, text.wellFormed()) }

/**
 * Turns a toggle of a ticket on or off. The value is on disk on return. Of several values that wait, only the last one is sent. It is not in force
 * before the server has confirmed it (`ToggleOffer.isWaiting`).
 *
 * @param action the id of an `ActionOffer` of the kind `Toggle`.
 * @throws ChangeException.NotOffered this user is not offered it now.
 */
public suspend fun Pocketdesk.setToggle(
    ticket: Long,
    action: String,
    on: Boolean,
): Unit = enqueue { client.setToggle(ticket, action, on) }

/**
 * Prepares the draft of a new ticket that follows a ticket which takes no replies, and returns it, saved. It is for a product that offers no action
 * of the kind `NewRequest` there. Below what the draft has, it gets a line in [language] (a BCP 47 tag) that says which ticket it is about, and what
 * the user had begun to reply. Doing it again adds nothing again.
 *
 * @throws ClientException.NoSuchTicket there is no such ticket, or no longer.
 */
public suspend fun Pocketdesk.followUp(
    ticket: Long,
    language: String = Locale.getDefault().toLanguageTag(),
): TicketDraft = onDisk { client.beginFollowUp(ticket, language) }

/**
 * Adds a text to the saved draft of the reply in a ticket, below what is there.
 *
 * @throws ClientException.NoSuchTicket there is no such ticket, or no longer.
 */
public suspend fun Pocketdesk.addToReply(
    ticket: Long,
    text: String,
): Unit = onDisk { client.addToReply(ticket, text.wellFormed()) }

/**
 * Adds CC addresses to a ticket. The change is on disk on return, and is shown in `Ticket.changes` until the server has it. Addresses
 * that the ticket has already, and the user's own, are dropped. If no address is left, nothing is changed.
 *
 * @throws ChangeException.NotOffered the product does not offer it (see `Product.addCc`), or not for this ticket.
 * @throws ChangeException.Invalid some addresses are malformed; nothing was changed.
 * @throws ChangeException.TicketClosed the ticket takes no more changes.
 * @throws ChangeException.NoLongerVisible the server no longer shows the ticket to this user.
 */
public suspend fun Pocketdesk.addCc(
    ticket: Long,
    addresses: List<String>,
): Unit = enqueue { client.addCc(ticket, addresses.map(String::wellFormed)) }

/**
 * Marks the user's own ticket as solved. The change is on disk on return, and shown in `Ticket.changes` until the server has it. A second call
 * changes nothing, unless the user has written a reply since.
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

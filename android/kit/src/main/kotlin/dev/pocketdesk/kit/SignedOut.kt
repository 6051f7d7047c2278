package dev.pocketdesk.kit

import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.bindings.TokenException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers

// What is there for somebody who has no account yet, or cannot sign in: tickets without an account, which are answered by mail.

/**
 * Opens the client of a device on which nobody is signed in. Its tickets are sent without an account, and stay in a file of their own that no account
 * sees. So it may be open beside the client of an account, in the same folder. It needs no [TokenSource], and reads nothing from the help desk.
 *
 * Close it when a user signs in. What waits then stays on the device, and is sent when this client is opened again. A ticket that was sent is removed
 * from the device after 30 days.
 *
 * @param config where the files are, and which server the client talks to. Its account does not count.
 * @param scheduler starts the app in the background to send. Without one, tickets are sent only while the app runs.
 * @param dispatcher where the blocking calls run; see [Pocketdesk.open].
 * @throws OpenException what is wrong with the file, the folder or the configuration.
 */
public suspend fun Pocketdesk.Companion.openWithoutAccount(
    config: ClientConfig,
    scheduler: BackgroundScheduler? = null,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Pocketdesk = open(config.copy(account = "", anonymous = true), scheduler, dispatcher) { throw TokenException.SignedOut() }

/**
 * Removes from this device a ticket that was sent without an account, with the name and the address. The help desk keeps it.
 *
 * @throws ClientException.NotPossibleNow `Ticket.canRemove` is false.
 */
public suspend fun Pocketdesk.removeTicket(ticket: Long): Unit = onDisk { client.removeTicket(ticket) }

/** Whether it was written without an account. Nothing of it can be read, so its status is not known, and the answer comes by mail. */
public val Ticket.isAnonymous: Boolean get() = answersGoTo != null

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Capabilities
import dev.pocketdesk.bindings.Changes
import dev.pocketdesk.bindings.Client
import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.DeliveredDefinition
import dev.pocketdesk.bindings.DraftCheck
import dev.pocketdesk.bindings.Entry
import dev.pocketdesk.bindings.FormProgress
import dev.pocketdesk.bindings.HistoryOptions
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.bindings.Product
import dev.pocketdesk.bindings.ReplyDraft
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.bindings.SyncOutcome
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.bindings.Unsent
import dev.pocketdesk.kit.client.ChangeFeed
import dev.pocketdesk.kit.client.TokenBridge
import dev.pocketdesk.kit.client.rowsOf
import dev.pocketdesk.kit.client.wellFormed
import dev.pocketdesk.kit.client.wholeThread
import dev.pocketdesk.kit.history.HistoryPart
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.withContext
import java.util.Locale
import java.util.concurrent.CopyOnWriteArraySet
import kotlin.time.Duration

/**
 * The client of one user's help desk on this device: ticket history, new tickets and replies, with or without a network.
 *
 * Open one client per signed-in user and keep it for the life of the process; on Android, `PocketdeskHost` of kit-android does that. Every
 * function may be called from any thread. Each suspending function and each flow may be used on the main thread: the work runs on the dispatcher
 * given to [open]. Only [syncUntil] and [searchServer] wait for the network. A write is on disk when the function returns. The server's response
 * arrives through the flows.
 *
 * If the store fails, a function throws [ClientException], or the exception of its own that its documentation names. After [close] it
 * throws `Closed` of the same type. What a user has typed may hold half a character (an unpaired surrogate), which becomes U+FFFD.
 */
public class Pocketdesk private constructor(
    internal val client: Client,
    private val life: Job,
    private val dispatcher: CoroutineDispatcher,
    private val scheduler: BackgroundScheduler?,
    /**
     * What the product offers: issue types, statuses, limits. Constant while the client is open. The product's strings and the entries of its
     * help screen depend on the language: see [strings] and [entries].
     */
    public val product: Product,
    /** What the server is able to do; [product] offers nothing beyond it. Constant while the client is open. */
    public val capabilities: Capabilities,
) : AutoCloseable {
    /** Runs work that must finish although its screen was left, such as saving a draft. Ends when the client is closed. */
    internal val background: CoroutineScope = CoroutineScope(SupervisorJob(life) + dispatcher)

    internal val feed = ChangeFeed(client, life, dispatcher)
    private val draftSavers = CopyOnWriteArraySet<suspend () -> Unit>()

    /**
     * Returns the strings of this client's product: those of every screen, with the product's own names for its statuses, issue types and entries.
     * Reads no file, and answers after [suspend] and [close] too. Keep the result rather than call again for each string.
     *
     * @param tag a BCP 47 tag such as `de-AT`. A language that the product does not have is shown in the one that its definition names for that.
     * @param device the locale of the device.
     */
    public fun strings(
        tag: String = Locale.getDefault().toLanguageTag(),
        device: Locale = Locale.getDefault(),
    ): Strings {
        val language = client.language(tag)
        return Strings(Strings.localeOf(language, tag, device), client.strings(tag), language)
    }

    /**
     * Returns the entries of Help & Support that this user is offered in a language (a BCP 47 tag), in order. Some entries exist in certain languages
     * only. May read the file on the calling thread, for whether there are articles or, without an account, tickets. After [suspend] and [close], and
     * whenever the file cannot be read, entries that lead there are left out.
     */
    public fun entries(language: String): List<Entry> = client.entries(language)

    /** The entries of Help & Support that this user is offered in a language, and again whenever they may have changed. */
    internal fun offeredEntries(language: String): Flow<List<Entry>> =
        feed.changes
            .filter { it == null || it.status || it.history || it.articles }
            .conflate()
            .map { entries(language) }
            .distinctUntilChanged()

    /**
     * Says what holds for the signed-in user, by the names for which the product definition asks (`claim.NAME`): an entitlement of the account, for
     * example. Replaces what was said before. It is kept until the client is closed, and never stored. It decides what is offered, and whether there
     * is a history on this device; what is allowed, the help desk decides. Reads no file.
     */
    public fun setClaims(claims: Set<String>): Unit = client.setClaims(claims.toList())

    /** What became of the definition that the company delivers, for the app's developer; null without `ClientConfig.definitionUrl`. Reads no file. */
    public val deliveredDefinition: DeliveredDefinition? get() = client.deliveredDefinition()

    /** Calls [save] whenever the app is about to leave the front, for as long as [scope] is active. */
    internal fun saveDraftsWith(
        scope: CoroutineScope,
        save: suspend () -> Unit,
    ) {
        draftSavers += save
        scope.coroutineContext[Job]?.invokeOnCompletion { draftSavers -= save }
    }

    /**
     * Emits every change from now on. Changes made while the collector is busy are merged into one.
     *
     * Completes when the client is closed; on a closed client, it fails with [ClientException.Closed]. Cancelling the collector ends its
     * subscription. Most callers want [history], [thread] or [status] instead.
     */
    public val changes: Flow<Changes> get() = feed.changes.filterNotNull()

    /** By what the history can be narrowed and sorted. Constant while the client is open. */
    public val historyOptions: HistoryOptions = client.historyOptions()

    /** The state of the account: online, syncing, how many messages and changes are unsent, what is wrong. Starts with the present state. */
    public val status: Flow<SyncStatus> get() = feed.live({ it.status || it.outbox }) { onDisk { client.status() } }

    /**
     * The tickets of a part of the history, and again after each change.
     *
     * @param part which tickets, in which order, and which of their rows; [historyOptions] says what there is to choose. While the user scrolls,
     *   emit [History.down] or [History.up]. No part has more than 600 rows.
     * @throws ClientException in the flow, if the store cannot be read.
     */
    public fun history(part: Flow<HistoryPart> = flowOf(HistoryPart())): Flow<History> =
        answers(part).map { (_, history) -> history }.distinctUntilChanged()

    /** The same, each with the part that was asked for. */
    internal fun answers(part: Flow<HistoryPart>): Flow<Pair<HistoryPart, History>> =
        combine(feed.changes.filter { it == null || it.history }, part) { _, asked -> asked }
            .conflate()
            .map { asked -> asked to onDisk { client.rowsOf(asked) } }

    /**
     * Emits a ticket with its whole thread and its details, now and after every change.
     *
     * @param ticket the ticket's local id, which never changes.
     * @param language the language of the details' texts, as a BCP 47 tag.
     * @throws ClientException.NoSuchTicket the flow fails with it if there is no such ticket, or no longer.
     */
    public fun thread(
        ticket: Long,
        language: String = Locale.getDefault().toLanguageTag(),
    ): Flow<TicketThread> = feed.live({ it.everyThread || ticket in it.threads }) { onDisk { client.wholeThread(ticket, language) } }

    /** Returns the saved draft of a new ticket, or a fresh one. */
    public suspend fun ticketDraft(): TicketDraft = onDisk { client.ticketDraft() }

    /** Saves a draft of a new ticket in place of the one before. It survives the end of the process. Does nothing if it was submitted. */
    public suspend fun saveTicketDraft(draft: TicketDraft): Unit = onDisk { client.saveTicketDraft(draft.wellFormed()) }

    /** Deletes the draft with this id, of a new ticket or of a reply, and its files. Does nothing if there is none. */
    public suspend fun discardTicketDraft(draftId: String): Unit = onDisk { client.discardTicketDraft(draftId) }

    /**
     * Returns what is wrong with a draft, what will be dropped from it, and what a form says of both to a user who is this far with it. Cheap enough
     * to be called at every keystroke.
     */
    public suspend fun check(
        draft: TicketDraft,
        progress: FormProgress = FormProgress(),
    ): DraftCheck = onDisk { client.checkTicketDraft(draft.wellFormed(), progress) }

    /**
     * Turns a draft into a ticket that waits to be sent, and returns the ticket's local id. The same draft twice gives the same ticket.
     *
     * @throws SubmitException.Invalid with every problem of the draft, which was saved; there is no ticket.
     * @throws SubmitException the ticket could not be stored; the draft is kept.
     */
    public suspend fun submit(draft: TicketDraft): Long = enqueue { client.submit(draft.wellFormed()) }

    /** Returns the saved draft of a reply to a ticket, or a fresh one. */
    public suspend fun replyDraft(ticket: Long): ReplyDraft = onDisk { client.replyDraft(ticket) }

    /**
     * Saves a draft of a reply in place of the one before. It survives the end of the process. Does nothing if it was sent.
     *
     * @throws ClientException.NoSuchTicket there is no such ticket, or no longer.
     */
    public suspend fun saveReplyDraft(draft: ReplyDraft): Unit = onDisk { client.saveReplyDraft(draft.wellFormed()) }

    /**
     * Turns a draft into a message that waits to be sent, and returns its id. The same draft twice gives the same message.
     *
     * @throws ReplyException.Invalid the text is blank. The draft was saved.
     * @throws ReplyException.TicketClosed closed tickets accept no replies. The draft was saved.
     * @throws ReplyException.NoLongerVisible the server no longer shows the ticket to this user. The draft was saved.
     * @throws ReplyException.NotOffered the product offers this user no reply to this ticket. The draft was saved.
     * @throws ReplyException the message could not be stored; the draft is kept.
     */
    public suspend fun reply(draft: ReplyDraft): Long = enqueue { client.reply(draft.wellFormed()) }

    /**
     * Tells the client that the thread is on screen. The ticket loses its unread mark. Until [threadClosed], the client asks the server for
     * this ticket before it reads any list, and again at intervals while the app is in front. It reads the thread if the ticket has
     * changed. Only one thread is open at a time.
     *
     * @throws ClientException.NoSuchTicket there is no such ticket, or no longer.
     */
    public suspend fun threadOpened(ticket: Long): Unit = onDisk { client.threadOpened(ticket) }

    /** Tells the client that the thread is no longer on screen. Does nothing if another thread was opened since. */
    public suspend fun threadClosed(ticket: Long): Unit = onDisk { client.threadClosed(ticket) }

    /**
     * Asks for a thread again that could not be refreshed (`Ticket.refreshProblem`), without waiting for the next attempt. Returns at once;
     * [thread] shows the result: the problem goes, or comes back with a later attempt. What is shown stays meanwhile. Without a network the
     * thread is asked for when the network returns.
     *
     * For a ticket that is unknown or that was not sent yet, only a sync of what is due is requested.
     *
     * @throws ClientException the request could not be stored.
     */
    public suspend fun retryThread(ticket: Long): Unit = onDisk { client.retryThread(ticket) }

    /**
     * Sends again a message that waits for a decision of the user.
     *
     * @throws ClientException.NotPossibleNow `Message.canRetry` is false by now.
     */
    public suspend fun retry(message: Long): Unit = enqueue { client.retry(message) }

    /**
     * Takes back an unsent message. A message that is still [held][dev.pocketdesk.bindings.Delivery.Held] is undone in the same way, and
     * one that the help desk has and does not show can be written anew in this way. Returns the message's text. Text and files are also added
     * to the draft of a reply in its ticket. If the message is the description of a ticket, the whole ticket becomes the draft of a new ticket
     * again, after what that draft has.
     *
     * @throws ClientException.NotPossibleNow `Message.canDiscard` is false by now.
     */
    public suspend fun discard(message: Long): String = onDisk { client.discard(message) }

    /**
     * Removes from this device a message that the help desk has and does not show
     * ([NotShown][dev.pocketdesk.bindings.Delivery.NotShown]), with its files. Unlike after [discard], no draft keeps the text.
     *
     * @throws ClientException.NotPossibleNow the message is in any other state by now.
     */
    public suspend fun remove(message: Long): Unit = onDisk { client.remove(message) }

    /**
     * Replaces the text of an unsent reply. The order of messages stays as it is.
     *
     * @throws ReplyException.Invalid the text is blank; the old one stays.
     * @throws ReplyException.NotPossibleNow `Message.canEdit` is false by now, or the message is a description: see [editTicket].
     */
    public suspend fun editReply(
        message: Long,
        body: String,
    ): Unit = enqueue { client.editReply(message, body.wellFormed()) }

    /**
     * Returns the fields of a ticket that was not sent yet, for a form that changes them with [editTicket].
     *
     * @throws ClientException.NotPossibleNow there is no such ticket, or the server has it.
     */
    public suspend fun unsentTicket(ticket: Long): TicketDraft = onDisk { client.unsentTicket(ticket) }

    /**
     * Replaces the fields of a ticket that was not sent yet.
     *
     * @throws SubmitException.Invalid with every problem; the old fields stay.
     * @throws SubmitException.NotPossibleNow `Message.canEdit` of the ticket's description is false by now.
     */
    public suspend fun editTicket(
        ticket: Long,
        draft: TicketDraft,
    ): Unit = enqueue { client.editTicket(ticket, draft.wellFormed()) }

    /**
     * Requests a sync of everything. Returns at once; [status] shows the progress and the result. Without a network the sync begins when the
     * network returns.
     */
    public suspend fun syncNow(): Unit = onDisk { client.syncNow() }

    /**
     * Tells the client whether the platform reports a network. After `true` the client sends what the user wrote. If there was no network before,
     * it also reads the history: at once if the help desk had little load when it was last heard of, otherwise after a random wait. While it is
     * `false`, the client does not sync by itself, and neither sends nor downloads anything, and no message can be undone. Until the first call the
     * client assumes that there is a network.
     */
    public suspend fun setOnline(online: Boolean): Unit = onDisk { client.setOnline(online) }

    /**
     * Tells the client whether the app is in front. Only while it is, the client asks the server for news by itself, and a message can be
     * undone for some seconds (`ClientConfig.sendDelaySeconds`) if there is a network. When the app leaves the front, the drafts on screen are
     * saved. Messages that could still be undone are then sent as soon as the network allows.
     */
    public suspend fun setInFront(inFront: Boolean) {
        if (!inFront) saveDrafts()
        onDisk { client.setInFront(inFront) }
    }

    /**
     * Tells the client about a push message for the ticket with this [number] on the server ([PocketdeskPush.ticket]). The client then sends what
     * is due, asks the server for this ticket, and reads the ticket's thread if the ticket has changed. If this device does not know the number,
     * the client reads every list instead.
     *
     * Nothing depends on push messages: while the app is in front, the client finds changes without them as well.
     */
    public suspend fun onPush(number: Long): Unit = onDisk { client.onPush(number) }

    /**
     * Says whether push messages about tickets reach this device: the app's backend has its push token, and the help desk tells the backend what
     * changes. While they do, the client in front asks the help desk for news only every ten minutes to four hours, in case one gets lost. A client
     * that was just opened assumes that they do not; say it after each opening. The value is not stored. Returns at once, on any thread.
     */
    public fun setPushEnabled(enabled: Boolean): Unit = client.setPushEnabled(enabled)

    /**
     * Sends what is due and reads what changed, for work in the background. Returns within [limit] (whole seconds, at most ten
     * minutes). Reads every list, unless a push message has named a ticket in the last minute: then it reads that ticket alone. Begins no write
     * in the last seconds, because the outcome of a write that is cut off is not known. The result says what is left to do. If a sync is under
     * way, joins it. Cancelling the caller does not end the sync. On a client that is closed or suspended it does not throw: the result has `more`
     * set and no `retryIn`.
     */
    public suspend fun syncUntil(limit: Duration): SyncOutcome {
        val seconds = limit.inWholeSeconds.coerceIn(0, LONGEST_SYNC)
        return onDisk { client.syncUntil(seconds.toUInt()) }
    }

    /**
     * Saves the drafts on screen, closes the file and unlocks its folder. Every call but [resume] and [close] that needs the file then throws
     * [ClientException.Suspended], or its counterpart in the call's own exception. [syncUntil] and [searchServer] do not throw.
     *
     * Meant for systems such as iOS, which freeze a process in the background and kill it if it holds a lock. Android does not do
     * that, so an Android app never calls this.
     */
    public suspend fun suspend() {
        saveDrafts()
        onDisk { client.suspend() }
    }

    /**
     * Opens the file again after [suspend], and sends what is due. The history is read when the app comes to the front ([setInFront]).
     *
     * @throws ClientException.InUse another process, or another client of this one, has the account open. After this or any other error the
     *   client stays suspended, and the call may be repeated.
     */
    public suspend fun resume(): Unit = onDisk { client.resume() }

    /** Returns what [signOut] with [SignOut.DISCARD] would lose. Tell the user before you ask. */
    public suspend fun unsent(): Unsent = onDisk { client.unsent() }

    /**
     * Leaves the account, when the user signs out of the app, and closes the client. Saves the drafts on screen first. [SignOut.DISCARD] removes
     * everything of the account from the device. [SignOut.KEEP] keeps only unsent messages and drafts, for this account's next sign-in. To send
     * them first, call [syncUntil], and look at [unsent] again.
     *
     * If the process is killed during the sign-out, the next client that is opened in the same folder finishes it, whichever account that
     * client is for.
     *
     * @throws ClientException the sign-out failed. If the client still answers afterwards, the sign-out has not begun. Otherwise the next
     *   client that is opened in the same folder finishes it.
     */
    public suspend fun signOut(mode: SignOut) {
        saveDrafts()
        try {
            onDisk { client.signOut(mode) }
        } finally {
            if (onDisk(::isClosed)) life.cancel()
        }
    }

    /** Confirms that the user has seen that a damaged file was replaced. From then on `SyncStatus.recovered` is null. */
    public suspend fun acknowledgeRecovery(): Unit = onDisk { client.acknowledgeRecovery() }

    /**
     * Ends every flow, stops the work and closes the files. Every later call that needs the file throws [ClientException.Closed], or its counterpart
     * in the call's own exception; [syncUntil] and [searchServer] do not throw. Closing again does nothing.
     */
    override fun close() {
        // The native handle is freed with the last reference to it, so that a late call throws instead of crashing.
        client.shutDown()
        life.cancel()
    }

    /** Runs a write that leaves something to send. */
    internal suspend fun <T> enqueue(write: () -> T): T =
        onDisk {
            try {
                scheduler?.schedule()
            } catch (_: Exception) {
                // The write matters more: it is sent while the app runs, or when it runs next.
            }
            write()
        }

    private fun isClosed(): Boolean =
        try {
            client.status()
            false
        } catch (e: ClientException) {
            e is ClientException.Closed
        }

    private suspend fun saveDrafts() = draftSavers.forEach { it() }

    /** What [read] returns, now and after every change that concerns it. */
    internal fun <T> live(
        concerns: (Changes) -> Boolean,
        read: () -> T,
    ): Flow<T> = feed.live(concerns) { onDisk(read) }

    /** Runs a call that blocks for the disk. */
    internal suspend fun <T> onDisk(work: () -> T): T = withContext(dispatcher) { work() }

    public companion object {
        /** How many tickets a search asks for at a time. */
        public const val PAGE: Int = 50

        private const val LONGEST_SYNC = 600L

        /**
         * Opens the client of one user, and creates its files the first time.
         *
         * @param config where the files are, whose they are, and which server the client talks to.
         * @param scheduler starts the app in the background to send. Without one, messages are sent only while the app runs.
         * @param dispatcher where the blocking calls run. Its threads must be allowed to wait for a disk.
         * @param tokens the app's own sign-in.
         * @throws OpenException what is wrong with the file, the folder or the configuration. A file of another account, of somebody else
         *   or of a later version is left untouched.
         */
        public suspend fun open(
            config: ClientConfig,
            scheduler: BackgroundScheduler? = null,
            dispatcher: CoroutineDispatcher = Dispatchers.IO,
            tokens: TokenSource,
        ): Pocketdesk =
            withContext(dispatcher) {
                val life = SupervisorJob()
                val client = Client.open(config, TokenBridge(tokens, life))
                Pocketdesk(client, life, dispatcher, scheduler, client.product(), client.capabilities())
            }
    }
}

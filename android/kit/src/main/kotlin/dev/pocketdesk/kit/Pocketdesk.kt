package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.Capabilities
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.Changes
import dev.pocketdesk.bindings.Desk
import dev.pocketdesk.bindings.DeskConfig
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.DeskStatus
import dev.pocketdesk.bindings.DraftCheck
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.bindings.Profile
import dev.pocketdesk.bindings.ReplyDraft
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.bindings.SyncOutcome
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.bindings.Unsent
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.withContext
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArraySet
import kotlin.time.Duration

/**
 * One user's support desk on this device: the ticket history, new tickets and replies, with or without a network.
 *
 * Open one per signed-in user and keep it for the life of the process. Every function may be called from any thread, the main thread included: work
 * runs on the dispatcher given to [open], and none of it waits for the network. What a function returns is on disk; what the desk makes of it arrives
 * through the flows.
 *
 * Every function throws [DeskException] if the store cannot do it, and [DeskException.Closed] after [close]. Text with half a character in it (an unpaired surrogate) is accepted; the half becomes U+FFFD.
 */
public class Pocketdesk private constructor(
    private val desk: Desk,
    private val life: Job,
    private val dispatcher: CoroutineDispatcher,
    private val scheduler: BackgroundScheduler?,
    /** What this desk allows: issue types, statuses, limits, entries. Constant while the desk is open. */
    public val profile: Profile,
    /** What this desk can do; [profile] offers nothing beyond it. Constant while the desk is open. */
    public val capabilities: Capabilities,
) : AutoCloseable {
    /** For what must be finished although the screen that began it is gone: a draft kept on leaving. Ends with the desk. */
    internal val background: CoroutineScope = CoroutineScope(SupervisorJob(life) + dispatcher)

    private val typing = CopyOnWriteArraySet<suspend () -> Unit>()

    /** Has [keep] called whenever the app is about to leave the screen, as long as [scope] lives. */
    internal fun whileTyping(
        scope: CoroutineScope,
        keep: suspend () -> Unit,
    ) {
        typing += keep
        scope.coroutineContext[Job]?.invokeOnCompletion { typing -= keep }
    }

    /**
     * What changed, as it changes, from now on. Changes made while the collector was busy are merged into one.
     *
     * Completes when the desk is closed; cancelling the collector ends its subscription. Most callers want [history], [thread] or [status] instead.
     */
    public val changes: Flow<Changes> get() = changesAfterSubscribing.filterNotNull()

    /** The desk's state: online, syncing, how much waits to be sent, what is wrong. Starts with the present one. */
    public val status: Flow<DeskStatus> get() = live({ it.status || it.outbox }) { onDisk { desk.status() } }

    /**
     * The newest [rows] tickets, and again after each change; let [rows] grow while the user scrolls.
     *
     * @throws DeskException in the flow, if the store cannot be read.
     */
    public fun history(rows: Flow<Int> = flowOf(PAGE)): Flow<History> =
        combine(changesAfterSubscribing.filter { it == null || it.history }, rows) { _, count -> count }
            .conflate()
            .map(::historyOf)
            .distinctUntilChanged()

    /**
     * One ticket with its whole thread, and again after each change of it.
     *
     * @param ticket the ticket's local id, stable for life.
     * @throws DeskException.NotFound in the flow, if there is no such ticket (any more).
     */
    public fun thread(ticket: Long): Flow<TicketThread> = live({ ticket in it.threads || it.history }) { threadOf(ticket) }

    /** The kept draft of a new ticket, or a fresh one. */
    public suspend fun ticketDraft(): TicketDraft = onDisk { desk.ticketDraft() }

    /** Keeps a draft. It survives the end of the process. */
    public suspend fun saveTicketDraft(draft: TicketDraft): Unit = onDisk { desk.saveTicketDraft(draft.wellFormed()) }

    /** Forgets the draft with this id. */
    public suspend fun discardTicketDraft(draftId: String): Unit = onDisk { desk.discardTicketDraft(draftId) }

    /** What is wrong with a draft and what will be dropped from it. Cheap enough for every change. */
    public suspend fun check(draft: TicketDraft): DraftCheck = onDisk { desk.checkTicketDraft(draft.wellFormed()) }

    /**
     * Turns a draft into a ticket that waits to be sent, and returns the ticket's local id. The same draft twice gives the same ticket.
     *
     * @throws SubmitException.Invalid with every problem of the draft; nothing was changed.
     * @throws SubmitException if it could not be stored; the draft is kept.
     */
    public suspend fun submit(draft: TicketDraft): Long = toSend { desk.submit(draft.wellFormed()) }

    /** The kept draft of a reply to a ticket, or a fresh one. */
    public suspend fun replyDraft(ticket: Long): ReplyDraft = onDisk { desk.replyDraft(ticket) }

    /** Keeps a draft of a reply. It survives the end of the process. */
    public suspend fun saveReplyDraft(draft: ReplyDraft): Unit = onDisk { desk.saveReplyDraft(draft.wellFormed()) }

    /**
     * Turns a draft into a message that waits to be sent, and returns its id. The same draft twice gives the same message.
     *
     * @throws ReplyException.Invalid the text is blank.
     * @throws ReplyException.TicketClosed closed tickets take no replies.
     * @throws ReplyException if it could not be stored; the draft is kept.
     */
    public suspend fun reply(draft: ReplyDraft): Long = toSend { desk.reply(draft.wellFormed()) }

    /**
     * Attaches the file at [path] to a kept draft (save it first), under [name]. It is copied, durably, before this returns, so the original may go.
     *
     * What may be attached says `Profile.attachments`; by its ending and by its content.
     *
     * @throws AttachException why not; nothing was kept of it then.
     */
    public suspend fun attach(
        draftId: String,
        path: Path,
        name: String,
    ): DraftFile = onDisk { desk.attach(draftId, path.toString(), name.wellFormed()) }

    /** Takes a file from its draft. */
    public suspend fun detach(file: Long): Unit = onDisk { desk.detach(file) }

    /** The files of a draft, in the order in which they were attached. */
    public suspend fun draftFiles(draftId: String): List<DraftFile> = onDisk { desk.draftFiles(draftId) }

    /**
     * Asks for a message's file, by its [place] (from 0) among `Message.attachments`. It comes when the network allows; [thread] shows how far it is.
     *
     * @throws DeskException.NotFound the desk has not shown it yet.
     */
    public suspend fun download(
        message: Long,
        place: Int,
    ): FileState = onDisk { desk.download(message, place.toUInt()) }

    /**
     * Where the copy of a message's file lies, if it is here. It may go when newer ones need the room, or when the desk takes it away: copy what is
     * to be kept, and change nothing in it.
     */
    public suspend fun attachmentFile(
        message: Long,
        place: Int,
    ): Path? = onDisk { desk.attachmentFile(message, place.toUInt())?.let(Path::of) }

    /** The thread is on screen: it counts as read, and the desk is asked for it first, until [left]. */
    public suspend fun opened(ticket: Long): Unit = onDisk { desk.opened(ticket) }

    /** The thread is off the screen. */
    public suspend fun left(ticket: Long): Unit = onDisk { desk.left(ticket) }

    /**
     * Sends a message again that needs the user's decision.
     *
     * @throws DeskException.NotFound where that is not safe, or no longer: see `Message.canRetry`.
     */
    public suspend fun retry(message: Long): Unit = toSend { desk.retry(message) }

    /**
     * Takes an unsent message back; while it is [held][dev.pocketdesk.bindings.Delivery.Held], this is how it is undone. Returns its text, which is
     * kept as the draft as well.
     *
     * @throws DeskException.NotFound where that is not safe, or no longer: see `Message.canDiscard`.
     */
    public suspend fun discard(message: Long): String = onDisk { desk.discard(message) }

    /**
     * Gives an unsent reply another text. Its place among the others stays.
     *
     * @throws ReplyException.Invalid the text is blank; the old one stays.
     * @throws ReplyException.NotFound where that is not safe, or no longer: see `Message.canEdit`.
     */
    public suspend fun editReply(
        message: Long,
        body: String,
    ): Unit = toSend { desk.editReply(message, body.wellFormed()) }

    /**
     * The fields of a ticket that was not sent yet, for a form that edits them with [editTicket].
     *
     * @throws DeskException.NotFound if the ticket is on its way already.
     */
    public suspend fun unsentTicket(ticket: Long): TicketDraft = onDisk { desk.unsentTicket(ticket) }

    /**
     * Gives a ticket that was not sent yet other fields.
     *
     * @throws SubmitException.Invalid with every problem; the old fields stay.
     * @throws SubmitException.NotFound where that is not safe, or no longer: see `Message.canEdit` of its description.
     */
    public suspend fun editTicket(
        ticket: Long,
        draft: TicketDraft,
    ): Unit = toSend { desk.editTicket(ticket, draft.wellFormed()) }

    /**
     * Asks the desk to mail more addresses about a ticket. It is on disk on return and shown in `Ticket.changes` until the desk has it. What is there
     * already, or the user's own, is dropped.
     *
     * @throws ChangeException.NotOffered the profile does not have it: see `Profile.addCc`.
     * @throws ChangeException.Invalid some addresses are malformed; nothing was changed.
     */
    public suspend fun addCc(
        ticket: Long,
        addresses: List<String>,
    ): Unit = toSend { desk.addCc(ticket, addresses.map(String::wellFormed)) }

    /**
     * Tells the desk that the user's own ticket is solved. It is on disk on return and shown in `Ticket.changes` until the desk has it.
     *
     * @throws ChangeException.NotOffered the profile does not have it (see `Profile.solve`), or somebody else created the ticket.
     */
    public suspend fun solve(ticket: Long): Unit = toSend { desk.solve(ticket) }

    /**
     * Sends a change again that needs the user's decision.
     *
     * @throws DeskException.NotFound where that is not safe, or no longer: see `PendingChange.canRetry`.
     */
    public suspend fun retryChange(change: Long): Unit = toSend { desk.retryChange(change) }

    /**
     * Takes a change back.
     *
     * @throws DeskException.NotFound where that is not safe, or no longer: see `PendingChange.canDiscard`.
     */
    public suspend fun discardChange(change: Long): Unit = onDisk { desk.discardChange(change) }

    /** Asks for a sync. Returns at once; [status] tells how it goes. */
    public suspend fun syncNow(): Unit = onDisk { desk.syncNow() }

    /** What the platform says about the network. A hint: sending is still tried when it proves wrong. */
    public suspend fun setOnline(online: Boolean): Unit = onDisk { desk.setOnline(online) }

    /**
     * Whether the app is in front. Only then does the desk look for news by itself, and only then can a message be undone for some seconds
     * (`DeskConfig.sendDelaySeconds`); leaving sends at once what could still be undone.
     */
    public suspend fun setInFront(inFront: Boolean) {
        if (!inFront) keepDrafts()
        onDisk { desk.setInFront(inFront) }
    }

    /**
     * A push message said that something happened to the ticket with this [number]: its thread is read first.
     *
     * A hint. A message that never comes, or comes twice, does no harm.
     */
    public suspend fun onPush(number: Long): Unit = onDisk { desk.onPush(number) }

    /**
     * For work in the background: sends what is due, reads what changed, and returns within [limit] (at most ten minutes) with what is left to do.
     *
     * Joins a sync that is under way. Cancelling the caller does not end it.
     */
    public suspend fun syncUntil(limit: Duration): SyncOutcome {
        val seconds = limit.inWholeSeconds.coerceIn(0, LONGEST_SYNC)
        return onDisk { desk.syncUntil(seconds.toUInt()) }
    }

    /**
     * For systems that freeze a process in the background and end one that holds a lock then, as iOS does. Android does not, so an Android app never
     * calls it. Keeps every draft, closes the file and unlocks its folder; every call but [resume] and [close] then ends in
     * [DeskException.Suspended].
     */
    public suspend fun suspend() {
        keepDrafts()
        onDisk { desk.suspend() }
    }

    /**
     * Opens the file again after [suspend], and syncs.
     *
     * @throws DeskException.InUse another process has the account open; the desk stays suspended, and this can be tried again.
     */
    public suspend fun resume(): Unit = onDisk { desk.resume() }

    /** What [signOut] would lose. Say it before you ask. */
    public suspend fun unsent(): Unsent = onDisk { desk.unsent() }

    /**
     * Leaves the account: the user signs out of the app. With [SignOut.DISCARD] everything of the account is removed from the device, with
     * [SignOut.KEEP] only what is unsent stays, for this account's next sign-in. To send first, call [syncUntil] and look at [unsent] again.
     *
     * Closes the desk. A process that is killed in the middle finishes it when a desk in the same directory is opened next.
     *
     * @throws DeskException if the desk still answers, nothing has begun; otherwise the next opening finishes it.
     */
    public suspend fun signOut(mode: SignOut) {
        keepDrafts()
        try {
            onDisk { desk.signOut(mode) }
        } finally {
            if (onDisk(::isClosed)) life.cancel()
        }
    }

    /** The user knows that the file was made anew: `DeskStatus.recovered` is told no longer. */
    public suspend fun acknowledgeRecovery(): Unit = onDisk { desk.acknowledgeRecovery() }

    /**
     * Ends every flow, stops the work and closes the files. Idempotent; every later call ends in [DeskException.Closed] or its kin.
     *
     * The native handle itself is freed with the last reference, so that a late call still gets that answer and not a crash.
     */
    override fun close() {
        desk.shutDown()
        life.cancel()
    }

    /** Null once the subscription stands (so that whoever reads then misses nothing), then every change. */
    private val changesAfterSubscribing: Flow<Changes?> =
        flow {
            val inbox = ChangeInbox()
            // A subscription that was made is a subscription to cancel, whatever happens to the collector meanwhile.
            val subscription = withContext(dispatcher + NonCancellable) { desk.subscribe(inbox) }
            val ending = life.invokeOnCompletion { inbox.close() }
            try {
                emit(null)
                for (signal in inbox.signals) inbox.take()?.let { emit(it) }
            } finally {
                ending.dispose()
                subscription.cancel()
                subscription.close()
            }
        }

    private fun <T> live(
        concerns: (Changes) -> Boolean,
        read: suspend () -> T,
    ): Flow<T> =
        changesAfterSubscribing
            .filter { it == null || concerns(it) }
            .map { read() }
            .distinctUntilChanged()

    // A page is read at a time and the store may change in between: a row that moved meanwhile must not be shown twice.
    private suspend fun historyOf(rows: Int): History =
        onDisk {
            var page = desk.history(null, rows.coerceIn(1, PAGE_LIMIT).toUInt())
            val tickets = page.tickets.toMutableList()
            while (tickets.size < rows) {
                page = desk.history(page.next ?: break, (rows - tickets.size).coerceAtMost(PAGE_LIMIT).toUInt())
                tickets += page.tickets
            }
            History(tickets.distinctBy { it.id }, page.total.toLong(), hasMore = page.next != null)
        }

    private suspend fun threadOf(ticket: Long): TicketThread =
        onDisk {
            val head = desk.ticket(ticket)
            var page = desk.thread(ticket, null, PAGE_LIMIT.toUInt())
            val messages = page.messages.toMutableList()
            while (true) {
                page = desk.thread(ticket, page.next ?: break, PAGE_LIMIT.toUInt())
                messages += page.messages
            }
            TicketThread(head, messages.distinctBy { it.id })
        }

    /** A write that leaves something to send. */
    private suspend fun <T> toSend(write: () -> T): T =
        onDisk {
            try {
                scheduler?.schedule()
            } catch (_: Exception) {
                // The write counts for more: it is sent while the app runs, or when it runs next.
            }
            write()
        }

    private fun isClosed(): Boolean =
        try {
            desk.status()
            false
        } catch (e: DeskException) {
            e is DeskException.Closed
        }

    private suspend fun keepDrafts() {
        typing.forEach { it() }
    }

    private suspend fun <T> onDisk(work: () -> T): T = withContext(dispatcher) { work() }

    public companion object {
        /** How many tickets a screen asks for at a time. */
        public const val PAGE: Int = 50

        private const val PAGE_LIMIT = 200
        private const val LONGEST_SYNC = 600L

        /**
         * Opens the desk of one user, and creates it at the first time.
         *
         * @param config where it lives, whose it is and which desk it talks to.
         * @param scheduler starts the app in the background to send; without one, what waits is sent while the app runs.
         * @param dispatcher where the blocking calls run; it needs threads that may wait for a disk.
         * @param tokens the host app's sign-in.
         * @throws OpenException what is wrong with the file, the folder or the configuration; nothing was changed then.
         */
        public suspend fun open(
            config: DeskConfig,
            scheduler: BackgroundScheduler? = null,
            dispatcher: CoroutineDispatcher = Dispatchers.IO,
            tokens: TokenSource,
        ): Pocketdesk =
            withContext(dispatcher) {
                val life = SupervisorJob()
                val desk = Desk.open(config, TokenBridge(tokens, life))
                Pocketdesk(desk, life, dispatcher, scheduler, desk.profile(), desk.capabilities())
            }
    }
}

private fun TicketDraft.wellFormed() =
    copy(
        subject = subject.wellFormed(),
        issueType = issueType.wellFormed(),
        cc = cc.map(String::wellFormed),
        ccEntry = ccEntry.wellFormed(),
        description = description.wellFormed(),
    )

private fun ReplyDraft.wellFormed() = copy(body = body.wellFormed())

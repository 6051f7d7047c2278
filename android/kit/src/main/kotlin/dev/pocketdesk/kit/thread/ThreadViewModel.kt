package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.ReplyDraft
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.Ticket
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.nio.file.Path
import kotlin.time.Duration

/** What a ticket's screen shows. */
public sealed interface ThreadState {
    /** The first read. */
    public data object Loading : ThreadState

    /** The ticket cannot be shown. */
    public data class Failed(
        val wordKey: String,
    ) : ThreadState

    /**
     * There is no such ticket any more: it was taken back before it was sent.
     *
     * @property kept it is the draft of a new ticket now.
     */
    public data class Gone(
        val kept: Boolean,
    ) : ThreadState

    /** The ticket, its thread and the reply being written. */
    public data class Shown(
        val ticket: Ticket,
        val messages: List<Message>,
        val reply: ReplyState,
        /** The reply that is being edited, if one is. */
        val edit: EditState? = null,
        /** The CC addresses that are being added, if some are. */
        val cc: CcState? = null,
    ) : ThreadState
}

/** The bar at the bottom of a thread. */
public data class ReplyState(
    /** The kept text. The text field starts with it, and owns it from then on. */
    val text: String = "",
    /** Goes up whenever [text] was replaced and not typed: the text field starts over with it. */
    val revision: Int = 0,
    /** False until the kept draft was read, and while a reply is being stored. */
    val ready: Boolean = false,
    /** Files that go with it. */
    val files: List<DraftFile> = emptyList(),
    /** Why the last attempt failed, for [Words]. */
    val failure: String? = null,
    /** What a file may have at most, for the words of [failure]: files, or bytes. */
    val failureLimit: FileLimit? = null,
)

/** An unsent reply that is being edited. */
public data class EditState(
    /** Its message. */
    val message: Long,
    /** What it said before. The text field starts with it, and owns it from then on. */
    val before: String,
    /** What stands in the field. */
    val text: String = before,
    /** It is being stored. */
    val saving: Boolean = false,
    /** Why it could not be stored, for [Words]. */
    val failure: String? = null,
) {
    /** Saving is possible. */
    val canSave: Boolean get() = text.isNotBlank() && !saving
}

/** CC addresses that are being added to a ticket. */
public data class CcState(
    /** What stands in the field: addresses, between spaces, commas or semicolons. */
    val text: String = "",
    /** They are being stored. */
    val saving: Boolean = false,
    /** Why they could not be stored, for [Words]. */
    val failure: String? = null,
) {
    /** Adding is possible. */
    val canAdd: Boolean get() = text.isNotBlank() && !saving
}

/** One ticket: its facts, its thread, and the reply. Call it from one thread, the main one. */
@OptIn(ExperimentalCoroutinesApi::class)
public class ThreadViewModel(
    private val desk: Pocketdesk,
    private val scope: CoroutineScope,
    private val ticket: Long,
    pause: Duration = TYPING_PAUSE,
) {
    private val reply = MutableStateFlow(ReplyState())
    private val edit = MutableStateFlow<EditState?>(null)
    private val cc = MutableStateFlow<CcState?>(null)
    private val attempt = MutableStateFlow(0)
    private val keeper = DraftKeeper<ReplyDraft>(desk.background, pause) { draft -> quietly { desk.saveReplyDraft(draft) } }
    private var draft: ReplyDraft? = null
    private var entering: Job? = null
    private var takenBack = false

    public val state: StateFlow<ThreadState> =
        combine(attempt.flatMapLatest { content() }, reply, edit, cc) { content, reply, edit, cc ->
            if (content is ThreadState.Shown) content.copy(reply = reply, edit = edit, cc = cc) else content
        }.stateIn(scope, WHILE_WATCHED, ThreadState.Loading)

    init {
        desk.whileTyping(scope, keeper::keep)
        scope.launch { quietly { loadReply() } }
    }

    /** The thread is on screen: it counts as read and is kept fresh until [leave]. */
    public fun enter() {
        entering = desk.background.launch { quietly { desk.opened(ticket) } }
    }

    /** The thread is off the screen. */
    public fun leave() {
        keeper.keepNow()
        val before = entering
        desk.background.launch {
            before?.join()
            quietly { desk.left(ticket) }
        }
    }

    /** What stands in the reply field. */
    public fun reply(text: String) {
        draft = draft?.copy(body = text)?.also(keeper::changed)
        reply.update { it.copy(failure = null) }
    }

    /** Sends what stands in the reply field. It is on disk when the thread shows it. */
    public fun send() {
        val sending = draft ?: return
        if (!reply.value.ready) return
        reply.update { it.copy(ready = false, failure = null) }
        scope.launch {
            try {
                keeper.consume { desk.reply(sending) }
                loadReply()
            } catch (e: ReplyException) {
                keeper.changed(sending)
                reply.update { it.copy(ready = true, failure = e.wordKey) }
            } catch (e: DeskException) {
                reply.update { it.copy(failure = e.wordKey) }
            }
        }
    }

    /** Sends a message again that needs the user's decision. */
    public fun retry(message: Long): Unit = decide { desk.retry(message) }

    /** Takes an unsent message back, or undoes one that is held; its text returns to the reply field. */
    public fun discard(message: Long): Unit =
        decide {
            takenBack = true
            keeper.afterKeeping { desk.discard(message) }
            loadReply()
        }

    /** Opens an unsent reply to be edited. */
    public fun edit(message: Long) {
        val shown = state.value as? ThreadState.Shown ?: return
        val reply = shown.messages.firstOrNull { it.id == message } ?: return
        edit.value = EditState(message, reply.body)
    }

    /** What stands in the field of the reply that is being edited. */
    public fun editText(text: String): Unit = edit.update { it?.copy(text = text, failure = null) }

    /** Leaves the reply as it was. */
    public fun cancelEdit() {
        edit.value = null
    }

    /** Stores what stands in the field. If the reply is on its way by now, what was written for it is kept as the next reply's draft. */
    public fun saveEdit() {
        val editing = edit.value ?: return
        if (!editing.canSave) return
        edit.value = editing.copy(saving = true, failure = null)
        scope.launch {
            try {
                if (editing.text != editing.before) desk.editReply(editing.message, editing.text)
                edit.value = null
            } catch (_: ReplyException.NotFound) {
                keepAsReply(editing)
            } catch (e: ReplyException) {
                edit.value = editing.copy(failure = e.wordKey)
            }
        }
    }

    /** Opens the field for more CC addresses. */
    public fun openCc() {
        cc.value = CcState()
    }

    /** What stands in the field for CC addresses. */
    public fun ccText(text: String): Unit = cc.update { it?.copy(text = text, failure = null) }

    /** Adds nobody. */
    public fun closeCc() {
        cc.value = null
    }

    /** Adds the addresses in the field. Those that are there already are dropped. */
    public fun saveCc() {
        val typed = cc.value ?: return
        if (!typed.canAdd) return
        cc.value = typed.copy(saving = true, failure = null)
        scope.launch {
            try {
                desk.addCc(ticket, typed.text.split(ADDRESS_SEPARATORS).filter(String::isNotBlank))
                cc.value = null
            } catch (e: ChangeException) {
                cc.value = typed.copy(failure = e.wordKey)
            }
        }
    }

    /** Tells the desk that the ticket is solved. */
    public fun solve(): Unit = decide { desk.solve(ticket) }

    /** Forgets the kept reply, with its files. */
    public fun discardReply(): Unit =
        decide {
            draft?.let { kept -> keeper.consume { desk.discardTicketDraft(kept.id) } }
            loadReply()
        }

    /**
     * Puts the kept reply into the draft of a new ticket, below a line that says what it is [about], where this ticket takes no reply. It stays here
     * as well.
     *
     * @return whether the draft has it.
     */
    public suspend fun followUp(about: String): Boolean =
        try {
            keeper.keep()
            val text = desk.replyDraft(ticket).body.trim()
            val next = desk.ticketDraft()
            if (text !in next.description) {
                val parts = listOf(next.description, about, text).filter(String::isNotBlank)
                desk.saveTicketDraft(next.copy(description = parts.joinToString("\n\n")))
            }
            true
        } catch (e: DeskException) {
            reply.update { it.copy(failure = e.wordKey) }
            false
        }

    /** Sends a change of the ticket again that needs the user's decision. */
    public fun retryChange(change: Long): Unit = decide { desk.retryChange(change) }

    /** Takes an unsent change of the ticket back. */
    public fun discardChange(change: Long): Unit = decide { desk.discardChange(change) }

    /** Asks for a file of a message, by its place among them. */
    public fun download(
        message: Long,
        place: Int,
    ): Unit = decide { desk.download(message, place) }

    /** Where a file of a message lies, if it is here. */
    public suspend fun file(
        message: Long,
        place: Int,
    ): Path? =
        try {
            desk.attachmentFile(message, place)
        } catch (_: DeskException) {
            null
        }

    /**
     * Attaches a file to the reply, which is kept with it.
     *
     * @return done when the file was copied, or refused, and is not needed any longer.
     */
    public fun attach(
        path: Path,
        name: String,
    ): Job =
        scope.launch {
            val kept = draft ?: return@launch
            try {
                // Send waits for the file that goes with it.
                keeper.consume {
                    desk.saveReplyDraft(draft ?: kept)
                    desk.attach(kept.id, path, name)
                }
                showFiles()
            } catch (e: AttachException) {
                reply.update { it.copy(failure = e.wordKey, failureLimit = e.limit) }
            } catch (e: DeskException) {
                reply.update { it.copy(failure = e.wordKey) }
            }
        }

    /** Takes a file from the reply. */
    public fun detach(file: Long): Unit =
        decide {
            desk.detach(file)
            showFiles()
        }

    /** Reads the thread again after it failed. */
    public fun reload(): Unit = attempt.update { it + 1 }

    private fun content(): Flow<ThreadState> {
        var found = false
        return desk
            .thread(ticket)
            .map<TicketThread, ThreadState> {
                found = true
                ThreadState.Shown(it.ticket, it.messages, reply.value)
            }.catch { e ->
                if (e !is DeskException) throw e
                emit(if (found && e is DeskException.NotFound) ThreadState.Gone(kept = takenBack) else ThreadState.Failed(e.wordKey))
            }
    }

    private suspend fun loadReply() {
        val kept = desk.replyDraft(ticket)
        draft = kept
        val files = if (desk.profile.attachments == null) emptyList() else desk.draftFiles(kept.id)
        reply.update { ReplyState(kept.body, it.revision + 1, ready = true, files = files) }
    }

    private suspend fun showFiles() {
        val files = desk.draftFiles(draft?.id ?: return)
        reply.update { it.copy(files = files, failure = null) }
    }

    private suspend fun keepAsReply(editing: EditState) {
        try {
            keeper.afterKeeping {
                val kept = desk.replyDraft(ticket)
                val texts = listOf(kept.body, editing.text).filter(String::isNotBlank)
                desk.saveReplyDraft(kept.copy(body = texts.joinToString("\n\n")))
            }
            loadReply()
            edit.value = null
            reply.update { it.copy(failure = "edit.settled") }
        } catch (e: DeskException) {
            edit.value = editing.copy(failure = e.wordKey)
        }
    }

    private fun decide(decision: suspend () -> Unit) {
        scope.launch {
            try {
                decision()
            } catch (_: DeskException.NotFound) {
                // It was settled in the meantime; the flow shows how.
            } catch (e: DeskException) {
                reply.update { it.copy(failure = e.wordKey) }
            } catch (_: ChangeException.NotFound) {
                // As above.
            } catch (e: ChangeException) {
                reply.update { it.copy(failure = e.wordKey) }
            }
        }
    }
}

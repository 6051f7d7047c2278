package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.Acted
import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.FormattedText
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.bindings.allAddresses
import dev.pocketdesk.kit.CopyingFile
import dev.pocketdesk.kit.PickedFile
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.kit.TicketThread
import dev.pocketdesk.kit.act
import dev.pocketdesk.kit.addToReply
import dev.pocketdesk.kit.attachmentFile
import dev.pocketdesk.kit.authorPhoto
import dev.pocketdesk.kit.discardChange
import dev.pocketdesk.kit.download
import dev.pocketdesk.kit.followUp
import dev.pocketdesk.kit.giveFeedback
import dev.pocketdesk.kit.markUnread
import dev.pocketdesk.kit.removeTicket
import dev.pocketdesk.kit.retryChange
import dev.pocketdesk.kit.setToggle
import dev.pocketdesk.kit.thumbnail
import dev.pocketdesk.kit.viewmodel.TYPING_PAUSE
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import dev.pocketdesk.kit.viewmodel.ignoringFailure
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.getAndUpdate
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.nio.file.Path
import java.util.Locale
import kotlin.time.Duration

/**
 * One ticket: its details, its actions, its thread, and the reply. Call it from the main thread. It ends with [scope].
 *
 * @param ticket the ticket's local id.
 * @param language the language of the screen, as a BCP 47 tag; see [showIn].
 * @param pause how long nothing must be typed before the reply's draft is saved.
 * @param find what to look for at first; null for nothing.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public class ThreadViewModel(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    private val ticket: Long,
    language: String = Locale.getDefault().toLanguageTag(),
    pause: Duration = TYPING_PAUSE,
    find: FindRequest? = null,
) {
    private val language = MutableStateFlow(language)
    private val reply = ReplyWriter(client, scope, ticket, pause)
    private val edit = MutableStateFlow<EditState?>(null)
    private val cc = MutableStateFlow<CcState?>(null)
    private val asking = MutableStateFlow<ActionOffer?>(null)
    private val feedback = MutableStateFlow<FeedbackState?>(null)
    private val finder = ThreadFinder(client, scope, ticket, find)
    private val prepared = Channel<TicketDraft>(Channel.CONFLATED)
    private val attempt = MutableStateFlow(0)
    private var opening: Job? = null
    private var takenBack = false

    /** What to show. The store is read while it is collected, and some seconds longer. */
    public val state: StateFlow<ThreadState> =
        combine(
            contents(),
            reply.state,
            edit,
            cc,
            combine(asking, feedback, finder.state, ::Triple),
        ) { content, reply, edit, cc, (asking, feedback, find) ->
            if (content is ThreadState.Shown) {
                content.copy(reply = reply, edit = edit, cc = cc, asking = asking, feedback = feedback, find = find)
            } else {
                content
            }
        }.stateIn(scope, WHILE_SUBSCRIBED, ThreadState.Loading)

    /** Emits the draft of a new ticket that an action or [followUp] has prepared and saved: open its form. Each is emitted once. */
    public val newTickets: Flow<TicketDraft> = prepared.receiveAsFlow()

    init {
        client.saveDraftsWith(scope, reply::keep)
        scope.launch { ignoringFailure { reply.load() } }
    }

    /** The screen is shown in this language (a BCP 47 tag) from now on. */
    public fun showIn(language: String) {
        this.language.value = language
    }

    /**
     * The thread is on screen. It counts as read. Until [leave], the client asks for this ticket before it reads any list, and again at
     * intervals while the app is in front.
     */
    public fun enter() {
        opening = client.background.launch { ignoringFailure { client.threadOpened(ticket) } }
    }

    /** The thread is no longer on screen. Saves the reply's draft. */
    public fun leave() {
        reply.keepNow()
        val before = opening
        client.background.launch {
            before?.join()
            ignoringFailure { client.threadClosed(ticket) }
        }
    }

    /** Marks the ticket as unread. Leave the screen then: whoever opens the thread has read it. */
    public fun markUnread() {
        val before = opening
        client.background.launch {
            before?.join()
            ignoringFailure { client.markUnread(ticket) }
        }
    }

    /**
     * The user began to look for a text in the thread, or typed more of it: [ThreadState.Shown.find] tells the messages that have any of it. What
     * was typed in the reply field is saved, so a screen may show something else in its place.
     */
    public fun find(text: String) {
        if (!finder.isOpen) launchCatching { reply.afterKeeping { reply.load() } }
        finder.find(text)
    }

    /** Goes to the next message that has the text, and from the last one to the first. */
    public fun findNext(): Unit = finder.step(1)

    /** Goes to the previous message that has the text, and from the first one to the last. */
    public fun findPrevious(): Unit = finder.step(-1)

    /** No longer looks for anything. */
    public fun closeFind(): Unit = finder.close()

    /** The user typed plain text in the reply field. */
    public fun reply(text: String): Unit = reply(FormattedText(text))

    /** The user typed in the reply field, or changed a format. The field is an [Editor][dev.pocketdesk.bindings.Editor]. */
    public fun reply(text: FormattedText): Unit = reply.write(text)

    /** Sends the text in the reply field. It is on disk when the thread shows it. */
    public fun send(): Unit = reply.send()

    /** Sends again a message that waits for a decision of the user. */
    public fun retry(message: Long): Unit = launchCatching { client.retry(message) }

    /**
     * Takes back an unsent message, or undoes one that is held. Its text returns to the reply field. If it is the ticket's description, the ticket
     * becomes the draft of a new ticket, and the state [ThreadState.Removed].
     */
    public fun discard(message: Long): Unit =
        launchCatching {
            takenBack = true
            reply.afterKeeping { client.discard(message) }
            reply.load()
        }

    /** Removes a message that the help desk has and does not show. No draft keeps its text. */
    public fun remove(message: Long): Unit = launchCatching { client.remove(message) }

    /** Removes a ticket that was sent without an account from this device. Then the state is [ThreadState.Removed]. */
    public fun removeTicket(): Unit =
        launchCatching {
            takenBack = false
            client.removeTicket(ticket)
        }

    /** Asks for the thread again that could not be refreshed. What is shown stays. */
    public fun retryThread(): Unit = launchCatching { client.retryThread(ticket) }

    /** Starts to edit an unsent reply. */
    public fun edit(message: Long) {
        val shown = state.value as? ThreadState.Shown ?: return
        val reply = shown.messages.firstOrNull { it.id == message } ?: return
        edit.value = EditState(message, reply.body)
    }

    /** The user typed in the field of the reply that is being edited. */
    public fun editText(text: String): Unit = edit.update { it?.copy(text = text, failure = null) }

    /** Stops editing and leaves the reply as it was. */
    public fun cancelEdit() {
        edit.value = null
    }

    /** Stores the edited text. If the reply can no longer be edited, because it is being sent for example, the text is added to the reply field. */
    public fun saveEdit() {
        val editing = edit.value ?: return
        if (!editing.canSave) return
        edit.value = editing.copy(saving = true, failure = null)
        scope.launch {
            try {
                if (editing.text != editing.before) client.editReply(editing.message, editing.text)
                edit.value = null
            } catch (_: ReplyException.NotPossibleNow) {
                keepAsReply(editing)
            } catch (e: ReplyException) {
                edit.value = editing.copy(failure = e.key())
            }
        }
    }

    /**
     * The user picked an action. One that has a question or a warning waits for [confirmAction], one that takes addresses for [saveCc], and
     * feedback for [sendFeedback]. Every other one is done at once. A toggle is changed by [setToggle].
     */
    public fun act(offer: ActionOffer) {
        when {
            offer.kind == OfferKind.ADD_CC -> cc.value = CcState(offer)
            offer.kind == OfferKind.FEEDBACK -> feedback.value = FeedbackState(offer)
            offer.kind == OfferKind.TOGGLE -> Unit
            offer.asksFirst -> asking.value = offer
            else -> carryOut(offer)
        }
    }

    /** Does the action that [ThreadState.Shown.asking] asks about. */
    public fun confirmAction() {
        asking.getAndUpdate { null }?.let(::carryOut)
    }

    /** Leaves the action that [ThreadState.Shown.asking] asks about. */
    public fun cancelAction() {
        asking.value = null
    }

    /** The user typed in the field for CC addresses. */
    public fun ccText(text: String): Unit = cc.update { it?.copy(text = text, failure = null) }

    /** Closes the field for CC addresses and adds none. */
    public fun closeCc() {
        cc.value = null
    }

    /** Adds the addresses in the field. Those that the ticket has already, and the user's own, are dropped. */
    public fun saveCc() {
        val typed = cc.value ?: return
        if (!typed.canAdd) return
        cc.value = typed.copy(saving = true, failure = null)
        scope.launch {
            try {
                client.act(ticket, typed.offer.id, allAddresses(typed.text), language.value)
                cc.value = null
            } catch (e: ChangeException) {
                cc.value = typed.copy(failure = e.key())
            }
        }
    }

    /** The user chose an answer of the feedback. */
    public fun feedbackAnswer(answer: String): Unit = feedback.update { it?.copy(answer = answer, failure = null) }

    /** The user typed in the field for the text of the feedback. */
    public fun feedbackText(text: String): Unit = feedback.update { it?.copy(text = text, failure = null) }

    /** Closes the feedback and gives none. */
    public fun closeFeedback() {
        feedback.value = null
    }

    /** Gives the feedback. */
    public fun sendFeedback() {
        val given = feedback.value?.takeIf { it.canSend } ?: return
        feedback.value = given.copy(saving = true, failure = null)
        scope.launch {
            try {
                client.giveFeedback(ticket, given.offer.id, given.answer.orEmpty(), given.text)
                feedback.value = null
            } catch (e: ChangeException) {
                feedback.value = given.copy(failure = e.key())
            }
        }
    }

    /** Turns a toggle on or off. */
    public fun setToggle(
        offer: ActionOffer,
        on: Boolean,
    ): Unit = launchCatching { client.setToggle(ticket, offer.id, on) }

    /** Deletes the draft of the reply, with its files. */
    public fun discardReply(): Unit = launchCatching { reply.discard() }

    /**
     * Copies the draft of the reply into the draft of a new ticket, below a line that says which ticket it is about. Meant for a ticket that
     * accepts no replies, and whose product has no action for that. [newTickets] emits the draft.
     */
    public fun followUp(): Unit = launchCatching { prepared.send(reply.afterKeeping { client.followUp(ticket, language.value) }) }

    /** Sends again a change of the ticket that waits for a decision of the user. */
    public fun retryChange(change: Long): Unit = launchCatching { client.retryChange(change) }

    /** Takes back an unsent change of the ticket. */
    public fun discardChange(change: Long): Unit = launchCatching { client.discardChange(change) }

    /** Requests a file of a message, by its index (from 0) in `Message.attachments`. */
    public fun download(
        message: Long,
        index: Int,
    ): Unit = launchCatching { client.download(message, index) }

    /** Returns the path of a message's file if it is on this device, or null. */
    public suspend fun file(
        message: Long,
        index: Int,
    ): Path? = orNull { client.attachmentFile(message, index) }

    /** Returns the path of the small form of a picture, or null; then it is requested, and the thread changes when it has come. */
    public suspend fun thumbnail(
        message: Long,
        index: Int,
    ): Path? = orNull { client.thumbnail(message, index) }

    /** Returns the path of the photo of a message's author, as [thumbnail]. */
    public suspend fun authorPhoto(message: Long): Path? = orNull { client.authorPhoto(message) }

    private suspend fun orNull(path: suspend () -> Path?): Path? =
        try {
            path()
        } catch (_: ClientException) {
            null
        }

    /**
     * Attaches files to the reply, one after the other, and saves the reply's draft with them. Until its turn is over, each is shown as being
     * attached and can be left out with [stopAttaching]. A file that cannot be attached is shown with the reason until [dismiss].
     *
     * @return completes when every file was copied, refused or left out.
     */
    public fun attach(files: List<PickedFile>): Job {
        reply.clearFailure()
        return reply.attachments.attach(files)
    }

    /** Attaches a photo that was refused as a smaller JPG; see [RefusedFile.canBeSmaller]. */
    public fun attachSmaller(file: RefusedFile): Job = reply.attachments.attachSmaller(file)

    /** Leaves out a chosen file that is not attached yet. */
    public fun stopAttaching(file: CopyingFile): Unit = reply.attachments.stop(file)

    /** The user has read why the file of this [name] was not attached. */
    public fun dismiss(name: String): Unit = reply.attachments.dismiss(name)

    /** Returns where a file of the reply can be looked at, or null if it cannot. */
    public suspend fun draftFile(id: Long): Path? = reply.attachments.file(id)

    /** Removes a file from the reply. */
    public fun detach(file: Long): Unit = reply.attachments.detach(file)

    /** Reads the thread again after a read that failed. */
    public fun reload(): Unit = attempt.update { it + 1 }

    private fun contents(): Flow<ThreadState> = combine(attempt, language) { _, language -> language }.flatMapLatest { content(it) }

    private fun content(language: String): Flow<ThreadState> {
        var found = false
        return client
            .thread(ticket, language)
            .map<TicketThread, ThreadState> {
                found = true
                ThreadState.Shown(it.ticket, it.messages, it.details, reply.state.value, unread = it.unread)
            }.catch { e ->
                if (e !is ClientException) throw e
                emit(
                    if (found &&
                        e is ClientException.NoSuchTicket
                    ) {
                        ThreadState.Removed(keptAsDraft = takenBack)
                    } else {
                        ThreadState.Failed(e.key())
                    },
                )
            }
    }

    private suspend fun keepAsReply(editing: EditState) {
        try {
            reply.afterKeeping { client.addToReply(ticket, editing.text) }
            reply.load()
            edit.value = null
            reply.showFailure("edit.settled")
        } catch (e: ClientException) {
            edit.value = editing.copy(failure = e.key())
        }
    }

    /**
     * Does an action. Core reads and changes the saved draft of the reply. So what is being typed is saved first, and the draft is read again if a
     * text was added to it.
     */
    private fun carryOut(offer: ActionOffer) {
        val addsToReply = offer.kind == OfferKind.REPLY
        if (addsToReply && !reply.state.value.ready) return
        reply.clearFailure()
        if (addsToReply) reply.hold(true)
        launchCatching {
            val acted =
                try {
                    reply.afterKeeping { client.act(ticket, offer.id, language = language.value) }
                } catch (e: ChangeException) {
                    if (addsToReply) reply.hold(false)
                    throw e
                }
            when (acted) {
                Acted.Written -> Unit
                Acted.ReplyDraft -> reply.load()
                is Acted.NewTicket -> prepared.send(acted.draft)
            }
        }
    }

    /** Runs a call for the user. If the call fails, shows the reason. */
    private fun launchCatching(call: suspend () -> Unit) {
        scope.launch {
            try {
                call()
            } catch (_: ClientException.NotPossibleNow) {
                // The message was sent or taken back in the meantime. The flow shows which.
            } catch (e: ClientException) {
                reply.showFailure(e.key())
            } catch (_: ChangeException.NotPossibleNow) {
                // The same for a change.
            } catch (e: ChangeException) {
                reply.showFailure(e.key())
            }
        }
    }
}

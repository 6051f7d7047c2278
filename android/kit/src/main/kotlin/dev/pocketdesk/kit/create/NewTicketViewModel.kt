package dev.pocketdesk.kit.create

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FormField
import dev.pocketdesk.bindings.FormProgress
import dev.pocketdesk.bindings.Similar
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.bindings.prefilled
import dev.pocketdesk.bindings.splitAddresses
import dev.pocketdesk.kit.CopyingFile
import dev.pocketdesk.kit.DraftFilesState
import dev.pocketdesk.kit.PickedFile
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.kit.draftFiles
import dev.pocketdesk.kit.similar
import dev.pocketdesk.kit.viewmodel.DraftFiles
import dev.pocketdesk.kit.viewmodel.DraftKeeper
import dev.pocketdesk.kit.viewmodel.TYPING_PAUSE
import dev.pocketdesk.kit.viewmodel.ignoringFailure
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.nio.file.Path
import kotlin.time.Duration

/**
 * The form for a new ticket, or for a ticket that waits to be sent. Call it from the main thread. It ends with [scope].
 *
 * Every change is checked. The draft of a new ticket is saved after each pause in typing, on [leave], and when the app leaves the front. So the end
 * of the process costs at most what was typed since the last pause. The fields of an unsent ticket stay as they are until [create] stores the new
 * ones.
 *
 * @param pause how long nothing must be typed before the draft is saved.
 * @param unsent the local id of the unsent ticket to edit; null for a new ticket.
 * @param prefill a text for the description of a new ticket. It stands below what the draft has already, and is saved as a part of it only once the
 *   user types or attaches something.
 */
public class NewTicketViewModel(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    private val pause: Duration = TYPING_PAUSE,
    private val unsent: Long? = null,
    prefill: String? = null,
) {
    private val form: TicketForm = if (unsent == null) TicketForm.New(client) else TicketForm.Unsent(client, unsent)
    private val shown = MutableStateFlow<NewTicketState>(NewTicketState.Loading)
    private val keeper = DraftKeeper<TicketDraft>(client.background, pause) { keep(it) }
    private var checking: Job? = null
    private var pausing: Job? = null
    private var looking: Job? = null
    private val attachments = DraftFiles(client, scope, Form())

    /** What the description begins with; null once the user has discarded it. */
    private var prefill: String? = prefill.takeIf { unsent == null }

    /** What to show. */
    public val state: StateFlow<NewTicketState> = shown.asStateFlow()

    init {
        client.saveDraftsWith(scope, keeper::keep)
        load()
    }

    /** Reads the draft again after a read that failed. */
    public fun load() {
        scope.launch {
            shown.value =
                try {
                    val saved = form.load()
                    val draft = prefill?.let { prefilled(saved, it) } ?: saved
                    val before = draft.takeIf { unsent != null }
                    val editing =
                        NewTicketState.Editing(
                            draft,
                            form.check(draft, FormProgress()),
                            before,
                            files = DraftFilesState(filesOf(draft)),
                        )
                    editing.copy(restored = unsent == null && editing.copy(draft = saved).hasContent, similar = similarTo(draft.subject))
                } catch (e: ClientException) {
                    NewTicketState.Failed(if (unsent != null && e is ClientException.NotPossibleNow) "edit.settled.ticket" else e.key())
                }
        }
    }

    /** The user typed in the field for the name, which only a form without an account has. */
    public fun name(text: String): Unit = edit { it.copy(name = text) }

    /** The user typed in the field for the address to which the answer is mailed, which only a form without an account has. */
    public fun email(text: String): Unit = edit { it.copy(email = text) }

    /** The user typed in the subject field. */
    public fun subject(text: String) {
        edit { it.copy(subject = text) }
        looking?.cancel()
        looking =
            scope.launch {
                delay(pause)
                val similar = similarTo(text)
                update { if (it.draft.subject == text) it.copy(similar = similar) else it }
            }
    }

    /** The user chose the issue type with this id. */
    public fun issueType(id: String): Unit = edit { it.copy(issueType = id) }

    /** The user typed in the description field. */
    public fun description(text: String): Unit = edit { it.copy(description = text) }

    /** The user turned ticket access on or off: whether all users of the account may see the ticket. */
    public fun access(on: Boolean): Unit = edit { it.copy(access = on) }

    /**
     * The user typed in the address field. An address that is complete moves into the list, and so do those of a pasted list; see
     * [splitAddresses].
     *
     * @return the text that is left in the field.
     */
    public fun ccEntry(text: String): String {
        val split = splitAddresses(text)
        edit { draft -> draft.copy(cc = draft.cc + split.addresses, ccEntry = split.rest) }
        return split.rest
    }

    /** Removes the CC address with this index. */
    public fun removeCc(index: Int): Unit = edit { draft -> draft.copy(cc = draft.cc.filterIndexed { at, _ -> at != index }) }

    /**
     * Moves an address back into the field, to correct it.
     *
     * @return the text in the field now.
     */
    public fun editCc(index: Int): String {
        val editing = shown.value as? NewTicketState.Editing ?: return ""
        val address = editing.draft.cc.getOrNull(index) ?: return editing.draft.ccEntry
        edit { draft ->
            val others = draft.cc.filterIndexed { at, _ -> at != index }
            draft.copy(cc = others + listOf(draft.ccEntry).filter(String::isNotBlank), ccEntry = address)
        }
        return address
    }

    /**
     * Attaches files to a new ticket, one after the other, and saves the draft with them. Until its turn is over, each is shown as being attached and
     * can be left out with [stopAttaching]. A file that cannot be attached is shown with the reason until [dismiss].
     *
     * @return completes when every file was copied, refused or left out.
     */
    public fun attach(files: List<PickedFile>): Job = attachments.attach(if (unsent == null) files else emptyList())

    /** Attaches a photo that was refused as a smaller JPG; see [RefusedFile.canBeSmaller]. */
    public fun attachSmaller(file: RefusedFile): Job = attachments.attachSmaller(file)

    /** Leaves out a chosen file that is not attached yet. */
    public fun stopAttaching(file: CopyingFile): Unit = attachments.stop(file)

    /** Returns where an attached file can be looked at, or null if it cannot. */
    public suspend fun file(id: Long): Path? = attachments.file(id)

    /** Removes a file from the new ticket. */
    public fun detach(file: Long): Unit = attachments.detach(file)

    /** The user has read why the file of this [name] was not attached. */
    public fun dismiss(name: String): Unit = attachments.dismiss(name)

    /** The user has left a field. */
    public fun visited(field: Field) {
        val editing = shown.value as? NewTicketState.Editing ?: return
        if (field in editing.progress.left) return
        update { it.copy(progress = it.progress.copy(left = it.progress.left + field)) }
        recheck()
    }

    /** Deletes the draft, with its files, and starts over. An unsent ticket that is edited gets back the fields that are stored. */
    public fun discard() {
        val editing = shown.value as? NewTicketState.Editing ?: return
        // What is still being attached belonged to the draft that goes.
        attachments.stopAll()
        scope.launch {
            try {
                val fresh = keeper.consume { form.discard(editing.draft) }
                prefill = null
                val before = fresh.takeIf { unsent != null }
                shown.value = NewTicketState.Editing(fresh, form.check(fresh, FormProgress()), before, revision = editing.revision + 1)
            } catch (e: ClientException) {
                update { it.copy(failure = e.key()) }
            }
        }
    }

    /**
     * Creates the ticket, or stores the new fields of the unsent one. It is on disk when the state becomes [NewTicketState.Created], and is sent
     * when there is a network.
     */
    public fun create() {
        val editing = shown.value as? NewTicketState.Editing ?: return
        if (editing.creating || editing.files.copying.isNotEmpty()) return
        shown.value = editing.copy(creating = true, failure = null)
        scope.launch {
            try {
                shown.value = NewTicketState.Created(keeper.consume { form.finish(editing.draft) })
            } catch (e: SubmitException) {
                keeper.changed(editing.draft)
                val failure =
                    when {
                        e is SubmitException.Invalid -> null
                        unsent != null && e is SubmitException.NotPossibleNow -> "edit.settled.ticket"
                        else -> e.key()
                    }
                val progress = editing.progress.copy(attempted = true)
                var check = editing.check
                ignoringFailure { check = form.check(editing.draft, progress) }
                update { it.copy(creating = false, failure = failure, progress = progress, check = check) }
            }
        }
    }

    /** The screen is no longer shown: saves the draft at once. */
    public fun leave(): Unit = keeper.keepNow()

    /** What is like the subject of a new ticket; nothing if it cannot be read. */
    private suspend fun similarTo(subject: String): Similar {
        var similar = Similar(emptyList(), emptyList())
        if (unsent == null && subject.isNotBlank()) ignoringFailure { similar = client.similar(subject) }
        return similar
    }

    private suspend fun filesOf(draft: TicketDraft) =
        if (unsent != null || FormField.ATTACHMENTS !in client.product.form) emptyList() else client.draftFiles(draft.id)

    private inner class Form : DraftFiles.Screen {
        override val draftId get() = (shown.value as? NewTicketState.Editing)?.draft?.id
        override val files get() = (shown.value as? NewTicketState.Editing)?.files ?: DraftFilesState()

        override fun show(change: (DraftFilesState) -> DraftFilesState) = update { it.copy(files = change(it.files)) }

        override fun showFailure(stringKey: String) = update { it.copy(failure = stringKey) }

        override suspend fun withSavedDraft(use: suspend (String) -> Unit) =
            keeper.consume {
                val editing = shown.value as? NewTicketState.Editing ?: return@consume
                form.keep(editing.draft)
                use(editing.draft.id)
            }
    }

    private fun edit(change: (TicketDraft) -> TicketDraft) {
        var changed: TicketDraft? = null
        update { editing ->
            val draft = change(editing.draft)
            changed = draft.takeUnless { editing.creating || it == editing.draft }
            if (changed == null) editing else editing.copy(draft = draft, progress = editing.progress.copy(typing = true), failure = null)
        }
        val draft = changed ?: return
        keeper.changed(draft)
        recheck()
        pausing?.cancel()
        pausing =
            scope.launch {
                delay(pause)
                update { it.copy(progress = it.progress.copy(typing = false)) }
                recheck()
            }
    }

    private fun recheck() {
        checking?.cancel()
        checking = scope.launch { check() }
    }

    /** Asks what the form says now. If the user goes on meanwhile, the next answer counts. */
    private suspend fun check() {
        val asked = shown.value as? NewTicketState.Editing ?: return
        ignoringFailure {
            val check = form.check(asked.draft, asked.progress)
            update { if (it.draft == asked.draft && it.progress == asked.progress) it.copy(check = check) else it }
        }
    }

    private suspend fun keep(draft: TicketDraft) {
        try {
            form.keep(draft)
        } catch (e: ClientException) {
            update { it.copy(failure = e.key()) }
        }
    }

    private fun update(change: (NewTicketState.Editing) -> NewTicketState) {
        shown.update { if (it is NewTicketState.Editing) change(it) else it }
    }
}

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.DraftCheck
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.bindings.DraftNote
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldProblem
import dev.pocketdesk.bindings.Problem
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.bindings.TicketDraft
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

/** What the screen for a new ticket shows. */
public sealed interface NewTicketState {
    /** The kept draft is being read. */
    public data object Loading : NewTicketState

    /** The draft could not be read. */
    public data class Failed(
        val wordKey: String,
    ) : NewTicketState

    /** The form. */
    public data class Editing(
        val draft: TicketDraft,
        val check: DraftCheck,
        /** What the ticket said before, if it is one that waits to be sent; null for a new one. */
        val before: TicketDraft? = null,
        /** Goes up whenever the draft was replaced and not typed: text fields start over with the new text. */
        val revision: Int = 0,
        /** The draft was begun earlier and kept. */
        val kept: Boolean = false,
        /** Nothing was typed for a while. */
        val paused: Boolean = true,
        /** Fields the user has been in and left. */
        val visited: Set<Field> = emptySet(),
        /** Create was tapped and is being stored. */
        val creating: Boolean = false,
        /** Why the last attempt to keep or create it failed, for [Words]. */
        val failure: String? = null,
        /** Files that go with it. */
        val files: List<DraftFile> = emptyList(),
        /** Files that were chosen and not attached, each with its reason. */
        val refused: List<RefusedFile> = emptyList(),
    ) : NewTicketState {
        /** Create is possible. */
        val canCreate: Boolean get() = check.canCreate && !creating

        /** An unsent ticket says something else than before: leaving would lose it. */
        val changed: Boolean get() = before != null && draft != before

        /** Something was typed or attached. */
        val begun: Boolean get() = with(draft) { "$subject$description$ccEntry".isNotBlank() || cc.isNotEmpty() } || files.isNotEmpty()

        /**
         * The problem to show at a field now. A required field does not complain before it was left, an address not while its first letters are typed;
         * a text that is too long says so at once.
         *
         * @param address which of the CC addresses; their number stands for the one being typed.
         */
        public fun problem(
            field: Field,
            address: Int? = null,
        ): FieldProblem? =
            check.problems.firstOrNull {
                val due =
                    when (it.problem) {
                        Problem.Required -> field in visited
                        Problem.Malformed -> address != draft.cc.size || paused || field in visited
                        is Problem.TooLong, Problem.Unknown -> true
                    }
                it.field == field && (address == null || it.index?.toInt() == address) && due
            }

        /** The note to show at a CC address. */
        public fun note(address: Int): DraftNote? = check.notes.firstOrNull { it.address == address }
    }

    /** The draft has become a ticket, or an unsent ticket has its new fields: open it. */
    public data class Created(
        val ticket: Long,
    ) : NewTicketState
}

/**
 * The form for a new ticket, or for one that waits to be sent. Call it from one thread, the main one.
 *
 * Every change is checked. A new ticket's draft is kept after a pause in typing and on [leave], and therefore survives the end of the process; an
 * unsent ticket's fields stay as they were until [create] stores the new ones.
 *
 * @param unsent the local id of the unsent ticket that is edited; null for a new one.
 */
public class NewTicketViewModel(
    private val desk: Pocketdesk,
    private val scope: CoroutineScope,
    private val pause: Duration = TYPING_PAUSE,
    private val unsent: Long? = null,
) {
    private val form: TicketForm = if (unsent == null) TicketForm.New(desk) else TicketForm.Unsent(desk, unsent)
    private val shown = MutableStateFlow<NewTicketState>(NewTicketState.Loading)
    private val keeper = DraftKeeper<TicketDraft>(desk.background, pause) { keep(it) }
    private var checking: Job? = null

    public val state: StateFlow<NewTicketState> = shown.asStateFlow()

    init {
        desk.whileTyping(scope, keeper::keep)
        load()
    }

    /** Reads the draft again after it failed. */
    public fun load() {
        scope.launch {
            shown.value =
                try {
                    val draft = form.load()
                    val before = draft.takeIf { unsent != null }
                    val editing = NewTicketState.Editing(draft, form.check(draft), before, files = filesOf(draft))
                    editing.copy(kept = unsent == null && editing.begun)
                } catch (e: DeskException) {
                    NewTicketState.Failed(if (unsent != null && e is DeskException.NotFound) "edit.settled.ticket" else e.wordKey)
                }
        }
    }

    public fun subject(text: String): Unit = edit { it.copy(subject = text) }

    public fun issueType(id: String): Unit = edit { it.copy(issueType = id) }

    public fun description(text: String): Unit = edit { it.copy(description = text) }

    public fun access(on: Boolean): Unit = edit { it.copy(access = on) }

    /**
     * What stands in the address field. A space, a comma, a semicolon or a line break ends an address, so a pasted list falls into its parts.
     *
     * @return what is left to stand in the field.
     */
    public fun ccEntry(text: String): String {
        val parts = text.split(ADDRESS_SEPARATORS)
        edit { draft -> draft.copy(cc = draft.cc + parts.dropLast(1).filter(String::isNotBlank), ccEntry = parts.last()) }
        return parts.last()
    }

    public fun removeCc(index: Int): Unit = edit { draft -> draft.copy(cc = draft.cc.filterIndexed { at, _ -> at != index }) }

    /**
     * Takes an address back into the field to mend it.
     *
     * @return what now stands in the field.
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
     * Attaches a file to a new ticket, which is kept with it. One that cannot be attached is shown with its reason until [dismiss].
     *
     * @return done when the file was copied, or refused, and is not needed any longer.
     */
    public fun attach(
        path: Path,
        name: String,
    ): Job =
        scope.launch {
            if (unsent != null) return@launch
            try {
                // Create waits for the file that goes with it.
                keeper.consume {
                    val editing = shown.value as? NewTicketState.Editing ?: return@consume
                    form.keep(editing.draft)
                    desk.attach(editing.draft.id, path, name)
                    update { dismissed(it, name) }
                }
                showFiles()
            } catch (e: AttachException) {
                update { dismissed(it, name).run { copy(refused = refused + RefusedFile(name, e.wordKey, e.limit)) } }
            } catch (e: DeskException) {
                update { it.copy(failure = e.wordKey) }
            }
        }

    /** Takes a file from the new ticket. */
    public fun detach(file: Long) {
        scope.launch {
            try {
                desk.detach(file)
                showFiles()
            } catch (e: DeskException) {
                update { it.copy(failure = e.wordKey) }
            }
        }
    }

    /** The user has seen why the file of this [name] was not attached. */
    public fun dismiss(name: String): Unit = update { dismissed(it, name) }

    /** The user left a field. */
    public fun visited(field: Field): Unit = update { it.copy(visited = it.visited + field) }

    /** Forgets the draft and starts over. */
    public fun discard() {
        val editing = shown.value as? NewTicketState.Editing ?: return
        scope.launch {
            try {
                val fresh = keeper.consume { form.discard(editing.draft) }
                val before = fresh.takeIf { unsent != null }
                shown.value = NewTicketState.Editing(fresh, form.check(fresh), before, revision = editing.revision + 1)
            } catch (e: DeskException) {
                update { it.copy(failure = e.wordKey) }
            }
        }
    }

    /**
     * Creates the ticket, or gives the unsent one its new fields. It is on disk when the state becomes [NewTicketState.Created]; it is sent when
     * there is a network.
     */
    public fun create() {
        val editing = shown.value as? NewTicketState.Editing ?: return
        if (editing.creating) return
        shown.value = editing.copy(creating = true, failure = null)
        scope.launch {
            try {
                shown.value = NewTicketState.Created(keeper.consume { form.finish(editing.draft) })
            } catch (e: SubmitException) {
                keeper.changed(editing.draft)
                val failure =
                    when {
                        e is SubmitException.Invalid -> null
                        unsent != null && e is SubmitException.NotFound -> "edit.settled.ticket"
                        else -> e.wordKey
                    }
                update { it.copy(creating = false, failure = failure, visited = Field.entries.toSet()) }
            }
        }
    }

    /** The screen goes away: keeps the draft at once. */
    public fun leave(): Unit = keeper.keepNow()

    private suspend fun filesOf(draft: TicketDraft) =
        if (unsent != null || desk.profile.attachments == null) emptyList() else desk.draftFiles(draft.id)

    private suspend fun showFiles() {
        val editing = shown.value as? NewTicketState.Editing ?: return
        val files = filesOf(editing.draft)
        update { it.copy(files = files) }
    }

    private fun dismissed(
        editing: NewTicketState.Editing,
        name: String,
    ) = editing.copy(refused = editing.refused.filter { it.name != name })

    private fun edit(change: (TicketDraft) -> TicketDraft) {
        var changed: TicketDraft? = null
        update { editing ->
            val draft = change(editing.draft)
            changed = draft.takeUnless { editing.creating || it == editing.draft }
            if (changed == null) editing else editing.copy(draft = draft, paused = false, failure = null)
        }
        val draft = changed ?: return
        keeper.changed(draft)
        checking?.cancel()
        checking =
            scope.launch {
                quietly {
                    val check = form.check(draft)
                    update { if (it.draft == draft) it.copy(check = check) else it }
                }
                delay(pause)
                update { if (it.draft == draft) it.copy(paused = true) else it }
            }
    }

    private suspend fun keep(draft: TicketDraft) {
        try {
            form.keep(draft)
        } catch (e: DeskException) {
            update { it.copy(failure = e.wordKey) }
        }
    }

    private fun update(change: (NewTicketState.Editing) -> NewTicketState) {
        shown.update { if (it is NewTicketState.Editing) change(it) else it }
    }
}

/** What ends an address. */
internal val ADDRESS_SEPARATORS = Regex("[\\s,;]+")

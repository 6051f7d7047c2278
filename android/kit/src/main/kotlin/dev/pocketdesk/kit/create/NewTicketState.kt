package dev.pocketdesk.kit.create

import dev.pocketdesk.bindings.DraftCheck
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldMessage
import dev.pocketdesk.bindings.FormProgress
import dev.pocketdesk.bindings.Similar
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.kit.DraftFilesState

/** What the screen for a new ticket shows. */
public sealed interface NewTicketState {
    /** The saved draft is being read. */
    public data object Loading : NewTicketState

    /**
     * The draft could not be read.
     *
     * @property stringKey the reason, a key of [Strings][dev.pocketdesk.kit.Strings].
     */
    public data class Failed(
        val stringKey: String,
    ) : NewTicketState

    /** The form. */
    public data class Editing(
        val draft: TicketDraft,
        val check: DraftCheck,
        /** The fields before the edit, if the form edits an unsent ticket; null for a new ticket. */
        val before: TicketDraft? = null,
        /** Incremented whenever the draft was replaced by something other than typing: the text fields start over with it. */
        val revision: Int = 0,
        /** Whether the draft was started earlier and saved. */
        val restored: Boolean = false,
        /** How far the user is with the form, which decides what [check] says at its fields. */
        val progress: FormProgress = FormProgress(),
        /** Whether the ticket is being stored. */
        val creating: Boolean = false,
        /** Why the ticket could not be saved or created, a key of [Strings][dev.pocketdesk.kit.Strings]. */
        val failure: String? = null,
        /** The files of the draft, and those that were chosen for it. */
        val files: DraftFilesState = DraftFilesState(),
        /** The help articles, and the user's own tickets, whose titles are like the subject. Nothing is sent for that. */
        val similar: Similar = Similar(emptyList(), emptyList()),
    ) : NewTicketState {
        /** Whether the ticket can be created. Not while a file is being attached: it may turn out that it cannot be, which the user has to know. */
        val canCreate: Boolean get() = check.canCreate && !creating && files.copying.isEmpty()

        /** Whether the user has changed the fields of an unsent ticket. Leaving the form would lose these changes. */
        val changed: Boolean get() = before != null && draft != before

        /** Whether something was typed or attached. */
        val hasContent: Boolean
            get() = with(draft) { "$name$email$subject$description$ccEntry".isNotBlank() || cc.isNotEmpty() } || files.attached.isNotEmpty()

        /**
         * The problem to show at a field now; null if there is none, or not yet.
         *
         * @param address the index of a CC address; the number of addresses stands for the one that is being typed.
         */
        public fun problem(
            field: Field,
            address: Int? = null,
        ): FieldMessage? {
            val problems = check.messages.filter { it.problem && it.field == field }
            return problems.firstOrNull { address == null || it.index?.toInt() == address }
        }

        /** What will be dropped from the CC addresses or, as the form stands, not be sent. It stops nothing. */
        val ccNotes: List<FieldMessage> get() = check.messages.filter { !it.problem && it.field == Field.CC }
    }

    /**
     * The draft has become a ticket, or an unsent ticket has its new fields. Open its thread.
     *
     * @property ticket its local id.
     */
    public data class Created(
        val ticket: Long,
    ) : NewTicketState
}

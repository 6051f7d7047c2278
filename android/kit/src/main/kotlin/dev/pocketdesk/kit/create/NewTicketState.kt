package dev.pocketdesk.kit.create

import dev.pocketdesk.bindings.DraftCheck
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.bindings.DraftNote
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldProblem
import dev.pocketdesk.bindings.Problem
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.kit.CopyingFile
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.kit.strings.address

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
        /** Whether nothing was typed for a while. */
        val paused: Boolean = true,
        /** The fields that the user has entered and left. */
        val visited: Set<Field> = emptySet(),
        /** Whether the ticket is being stored. */
        val creating: Boolean = false,
        /** Why the ticket could not be saved or created, a key of [Strings][dev.pocketdesk.kit.Strings]. */
        val failure: String? = null,
        /** The attached files. */
        val files: List<DraftFile> = emptyList(),
        /** The files that were chosen and are being attached, in their order. */
        val copying: List<CopyingFile> = emptyList(),
        /** The files that were chosen and not attached, each with its reason. */
        val refused: List<RefusedFile> = emptyList(),
    ) : NewTicketState {
        /** Whether the ticket can be created. Not while a file is being attached: it may turn out that it cannot be, which the user has to know. */
        val canCreate: Boolean get() = check.canCreate && !creating && copying.isEmpty()

        /** Whether the user has changed the fields of an unsent ticket. Leaving the form would lose these changes. */
        val changed: Boolean get() = before != null && draft != before

        /** Whether something was typed or attached. */
        val hasContent: Boolean get() = with(draft) { "$subject$description$ccEntry".isNotBlank() || cc.isNotEmpty() } || files.isNotEmpty()

        /**
         * The problem to show at a field now. A missing value is shown once the user has left the field. A malformed address is not shown while its
         * first letters are typed. A text that is too long is shown at once.
         *
         * @param address the index of a CC address; the number of addresses stands for the one that is being typed.
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

        /** Whether there are addresses and, as the form stands, none of them is sent. They stay in the form. */
        val keepsAddressesAside: Boolean get() = DraftNote.AddressesKeptAside in check.notes

        /** The note to show at the CC address with this index. */
        public fun note(address: Int): DraftNote? = check.notes.firstOrNull { it.address == address }
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

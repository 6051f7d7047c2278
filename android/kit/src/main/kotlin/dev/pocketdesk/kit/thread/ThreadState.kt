package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.FormattedText
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.TextFormat
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.bindings.UnreadMessages
import dev.pocketdesk.kit.DraftFilesState

/** What a ticket's screen shows. */
public sealed interface ThreadState {
    /** The first read. */
    public data object Loading : ThreadState

    /**
     * The ticket cannot be shown.
     *
     * @property stringKey the reason, a key of [Strings][dev.pocketdesk.kit.Strings].
     */
    public data class Failed(
        val stringKey: String,
    ) : ThreadState

    /**
     * The ticket no longer exists: it was taken back before it was sent, or was sent without an account and removed from this device.
     *
     * @property keptAsDraft whether it has become the draft of a new ticket.
     */
    public data class Removed(
        val keptAsDraft: Boolean,
    ) : ThreadState

    /** The ticket, its thread and the reply being written. */
    public data class Shown(
        val ticket: Ticket,
        val messages: List<Message>,
        /** What the screen shows beside the messages, and the actions that the user is offered. */
        val details: TicketDetails,
        val reply: ReplyState,
        /** The reply that is being edited, if one is. */
        val edit: EditState? = null,
        /** The CC addresses that are being added, if some are. */
        val cc: CcState? = null,
        /** The feedback that is being given, if some is. */
        val feedback: FeedbackState? = null,
        /** The action that waits for the user's answer to its question, if one does. */
        val asking: ActionOffer? = null,
        /** The messages that were new when the thread came on screen, and those that arrived since; null if there are none. */
        val unread: UnreadMessages? = null,
        /** What is looked for in the thread, if something is. */
        val find: FindState? = null,
    ) : ThreadState
}

/** The reply bar at the bottom of a thread. */
public data class ReplyState(
    /** The saved text. The text field starts with it, and owns it from then on. */
    val text: String = "",
    /** Incremented whenever [text] was replaced by something other than typing: the text field starts over with it. */
    val revision: Int = 0,
    /** False until the saved draft was read, and while a reply is being stored or an action adds its text to the draft. */
    val ready: Boolean = false,
    /** The files of the reply, and those that were chosen for it. */
    val files: DraftFilesState = DraftFilesState(),
    /** Why the last call for the reply, or for something else in this thread, failed: a key of [Strings][dev.pocketdesk.kit.Strings]. */
    val failure: String? = null,
    /** What of [text] is bold, italic or a link. */
    val formats: List<TextFormat> = emptyList(),
) {
    /** The saved text with its formats, for [editorOf][dev.pocketdesk.bindings.editorOf]. */
    val written: FormattedText get() = FormattedText(text, formats)

    /** Whether the reply can be sent, once it has a text. Not while a file is being attached: it may turn out that it cannot be. */
    val canSend: Boolean get() = ready && files.copying.isEmpty()
}

/** An unsent reply that is being edited. */
public data class EditState(
    /** The id of its message. */
    val message: Long,
    /** The text before the edit. The text field starts with it, and owns it from then on. */
    val before: String,
    /** The text in the field. */
    val text: String = before,
    /** Whether the text is being stored. */
    val saving: Boolean = false,
    /** Why the text could not be stored, a key of [Strings][dev.pocketdesk.kit.Strings]. */
    val failure: String? = null,
) {
    /** Whether saving is possible. */
    val canSave: Boolean get() = text.isNotBlank() && !saving
}

/** CC addresses that are being added to a ticket. */
public data class CcState(
    /** The action that adds them. */
    val offer: ActionOffer,
    /** The text in the field: addresses, separated by spaces, commas or semicolons. */
    val text: String = "",
    /** Whether the addresses are being stored. */
    val saving: Boolean = false,
    /** Why the addresses could not be stored, a key of [Strings][dev.pocketdesk.kit.Strings]. */
    val failure: String? = null,
) {
    /** Whether adding is possible. */
    val canAdd: Boolean get() = text.isNotBlank() && !saving
}

/** Feedback that is being given about a ticket. */
public data class FeedbackState(
    /** The action that gives it. */
    val offer: ActionOffer,
    /** The `FeedbackAnswer.id` that was chosen; null if none was. */
    val answer: String? = null,
    /** The text in the field. */
    val text: String = "",
    /** Whether the feedback is being stored. */
    val saving: Boolean = false,
    /** Why the feedback could not be stored, a key of [Strings][dev.pocketdesk.kit.Strings]. */
    val failure: String? = null,
) {
    /** Whether sending is possible. */
    val canSend: Boolean get() = answer != null && !saving && (offer.feedback?.isTextRequired != true || text.isNotBlank())
}

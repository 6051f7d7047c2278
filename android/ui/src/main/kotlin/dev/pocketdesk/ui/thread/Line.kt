package dev.pocketdesk.ui.thread

import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.PendingChange
import dev.pocketdesk.kit.thread.ThreadState

/** One line of a conversation. Its [key] stays the same while the thread changes around it. */
internal sealed interface Line {
    val key: String

    /**
     * A message.
     *
     * @property isNew whether somebody else wrote it since the thread was last read.
     */
    data class Said(
        val message: Message,
        val isNew: Boolean,
    ) : Line {
        override val key get() = "message ${message.id}"
    }

    /** A change of the ticket that is not settled: it waits, is under way, or needs the user. */
    data class Changing(
        val change: PendingChange,
    ) : Line {
        override val key get() = "change ${change.id}"
    }

    /** Everything after it is new. */
    data object New : Line {
        override val key get() = "new"
    }

    /** The thread was not read yet. */
    data object NotFetched : Line {
        override val key get() = "not fetched"
    }

    /** Some messages could not be read. */
    data class LeftOut(
        val count: Int,
    ) : Line {
        override val key get() = "left out"
    }
}

/** The lines of a conversation, the last one first. */
internal fun linesOf(state: ThreadState.Shown): List<Line> =
    buildList {
        val firstNew = state.messages.indexOfFirst { it.id == state.unread?.first }
        state.messages.forEachIndexed { index, message ->
            if (index == firstNew) add(Line.New)
            add(Line.Said(message, isNew = firstNew in 0..index && !message.mine))
        }
        state.ticket.changes.forEach { add(Line.Changing(it)) }
        if (!state.ticket.threadComplete && state.ticket.row.visible) add(Line.NotFetched)
        if (state.ticket.leftOut > 0u) add(Line.LeftOut(state.ticket.leftOut.toInt()))
        reverse()
    }

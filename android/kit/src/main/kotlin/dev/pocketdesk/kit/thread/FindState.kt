package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.MessageHit
import dev.pocketdesk.kit.isSearchable

/**
 * What to look for in a thread when it opens.
 *
 * @property message the message at which to begin, if it is found there; null for the first one.
 */
public data class FindRequest(
    val text: String,
    val message: Long? = null,
)

/** A text that is looked for in a thread. */
public data class FindState(
    /** The text. The text field starts with it, and owns it from then on. */
    val text: String = "",
    /** The messages that have any of it, in the order of the thread, each with its whole plain text. While [isReady] is false, of the text before. */
    val hits: List<MessageHit> = emptyList(),
    /** The index in [hits] of the message that the user looks at; null if there are none. */
    val index: Int? = null,
    /** How often the user went on. A screen that was scrolled elsewhere returns to the message when it changes, be it the same message. */
    val steps: Int = 0,
    /** Whether [hits] are those of [text]. */
    val isReady: Boolean = false,
) {
    /** The message that the user looks at. */
    val current: MessageHit? get() = index?.let(hits::getOrNull)

    /** Whether the thread does not have the text. */
    val isNowhere: Boolean get() = isReady && hits.isEmpty() && text.isSearchable
}

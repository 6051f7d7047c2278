package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.ReplyDraft
import dev.pocketdesk.bindings.TicketDraft

/**
 * This text with each unpaired surrogate replaced by U+FFFD, which is as long as what it replaces.
 *
 * A Kotlin string may hold half a character: an input method was interrupted, or a substring cut an emoji. UTF-8 cannot hold it, and the bindings
 * would throw. A replacement character in a message is visible and harmless. The functions of the kit do this for every text that a user types. A
 * screen that calls the bindings itself, for example `Editor.changed`, has to do it.
 */
public fun String.wellFormed(): String {
    if (indices.none(::isUnpaired)) return this
    return buildString(length) {
        for (index in this@wellFormed.indices) append(if (this@wellFormed.isUnpaired(index)) REPLACEMENT else this@wellFormed[index])
    }
}

internal fun TicketDraft.wellFormed() =
    copy(
        subject = subject.wellFormed(),
        issueType = issueType.wellFormed(),
        cc = cc.map(String::wellFormed),
        ccEntry = ccEntry.wellFormed(),
        description = description.wellFormed(),
        name = name.wellFormed(),
        email = email.wellFormed(),
    )

internal fun ReplyDraft.wellFormed() = copy(body = body.wellFormed(), formats = formats.map { it.copy(link = it.link?.wellFormed()) })

private fun String.isUnpaired(index: Int): Boolean {
    val char = this[index]
    return when {
        char.isHighSurrogate() -> index + 1 == length || !this[index + 1].isLowSurrogate()
        char.isLowSurrogate() -> index == 0 || !this[index - 1].isHighSurrogate()
        else -> false
    }
}

private const val REPLACEMENT = '\uFFFD'

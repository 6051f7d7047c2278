package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.SyncProgress

/** How much of a file was transferred, from 0 to 100; null if no transfer is running. */
public val Attachment.percent: Int?
    get() =
        when (val at = state) {
            is FileState.Sending -> percentOf(at.bytes, size)
            is FileState.Downloading -> percentOf(at.bytes, size)
            else -> null
        }

private fun percentOf(
    part: ULong,
    whole: ULong,
): Int = if (whole == 0uL) 0 else (part.coerceAtMost(whole) * 100u / whole).toInt()

/** How much of the first sync is done, from 0 to 100; null if the server does not say. */
public val SyncProgress.percent: Int?
    get() = of?.let { percentOf(read, it) }

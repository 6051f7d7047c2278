package dev.pocketdesk.ui.parts

import androidx.compose.ui.platform.ClipboardManager

/** What was copied, as an HTML page; null if it is none. */
internal fun ClipboardManager.copiedPage(): String? {
    val copied = getClip()?.clipData ?: return null
    return if (copied.itemCount > 0) copied.getItemAt(0).htmlText else null
}

package dev.pocketdesk.ui.parts

import androidx.compose.ui.platform.UriHandler

/**
 * Opens a link. Does nothing if that fails: a tablet may have no app for calls, a desktop no browser. Each platform fails in its own way, and
 * the handler may be the host app's.
 */
internal fun UriHandler.openQuietly(link: String) {
    try {
        openUri(link)
    } catch (_: Exception) {
        // See above.
    }
}

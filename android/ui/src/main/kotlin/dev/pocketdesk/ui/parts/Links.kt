package dev.pocketdesk.ui.parts

import androidx.compose.ui.platform.UriHandler

/** Opens a link. Does nothing if no app on this device opens such links: a tablet may have none for calls. */
internal fun UriHandler.openQuietly(link: String) {
    try {
        openUri(link)
    } catch (_: IllegalArgumentException) {
        // See above.
    }
}

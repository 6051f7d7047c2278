package dev.pocketdesk.ui.parts

import androidx.compose.ui.platform.ClipboardManager
import java.awt.HeadlessException
import java.awt.Toolkit
import java.awt.datatransfer.DataFlavor
import java.awt.datatransfer.UnsupportedFlavorException
import java.io.IOException

/** What was copied, as an HTML page; null if it is none. The clipboard of this platform is the same for every window. */
internal fun ClipboardManager.copiedPage(): String? =
    try {
        val clipboard = Toolkit.getDefaultToolkit().systemClipboard
        if (clipboard.isDataFlavorAvailable(DataFlavor.allHtmlFlavor)) clipboard.getData(DataFlavor.allHtmlFlavor) as? String else null
    } catch (_: HeadlessException) {
        null
    } catch (_: IllegalStateException) {
        // Another program has the clipboard open.
        null
    } catch (_: UnsupportedFlavorException) {
        null
    } catch (_: IOException) {
        null
    }

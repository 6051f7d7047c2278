package dev.pocketdesk.ui.thread

import androidx.compose.runtime.ProvidableCompositionLocal
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.platform.ClipboardManager
import androidx.compose.ui.text.AnnotatedString
import dev.pocketdesk.ui.parts.copiedPage

/** Reads what was copied as an HTML page. A test has a clipboard of its own. */
internal val LocalCopiedPage: ProvidableCompositionLocal<(ClipboardManager) -> String?> =
    staticCompositionLocalOf { ClipboardManager::copiedPage }

/**
 * The clipboard as the reply field sees it.
 *
 * A text field takes plain text from the clipboard and says nothing of it: what it tells afterwards looks like typing. So the editor is told when the
 * field reads the clipboard. If the next text of the field has just this in the place of the selection, it was pasted, and the editor takes
 * the page in its stead.
 */
internal class PasteClipboard(
    private val clipboard: ClipboardManager,
    private val pageOf: (ClipboardManager) -> String?,
    private val editor: ReplyEditor,
) : ClipboardManager by clipboard {
    override fun getText(): AnnotatedString? =
        clipboard.getText().also { copied ->
            if (copied != null) editor.pastes(copied.text, pageOf(clipboard))
        }
}

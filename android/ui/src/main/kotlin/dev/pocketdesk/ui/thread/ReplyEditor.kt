package dev.pocketdesk.ui.thread

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Icon
import androidx.compose.material3.IconToggleButton
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.Stable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusProperties
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.isCtrlPressed
import androidx.compose.ui.input.key.isMetaPressed
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.onPreviewKeyEvent
import androidx.compose.ui.input.key.type
import androidx.compose.ui.platform.LocalClipboardManager
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.TextRange
import androidx.compose.ui.text.font.FontStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.TextFieldValue
import androidx.compose.ui.text.style.TextDecoration
import androidx.compose.ui.text.style.TextDirection
import dev.pocketdesk.bindings.Editor
import dev.pocketdesk.bindings.FormattedText
import dev.pocketdesk.bindings.TextList
import dev.pocketdesk.bindings.TextLook
import dev.pocketdesk.bindings.TextPlace
import dev.pocketdesk.bindings.editorOf
import dev.pocketdesk.kit.client.wellFormed
import dev.pocketdesk.kit.thread.ReplyState
import dev.pocketdesk.ui.create.fieldColors
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** What the user writes in the reply field. The field owns it while the user types; [tell] hears of every new text. */
@Stable
internal class ReplyEditor(
    text: FormattedText,
    private val tell: (FormattedText) -> Unit,
) {
    private var editor by mutableStateOf(editorOf(text))
    private var composition: TextRange? by mutableStateOf(null)

    /** The text that is about to be pasted, and the page that it was copied from. */
    private var copied: Pair<String, String>? = null

    /** What is switched on at the cursor or in the selection. */
    val looks get() = editor.looks()

    /** Whether there is something to send. */
    val isBlank get() = editor.text.text.isBlank()

    /** The text of the selection. */
    val selected get() = editor.text.text.substring(editor.selection.from.toInt(), editor.selection.to.toInt())

    /** What the field shows. */
    fun shown(linkColor: Color) =
        TextFieldValue(
            annotated(editor.text, linkColor),
            TextRange(editor.selection.from.toInt(), editor.selection.to.toInt()),
            composition,
        )

    /** The field takes this text from the clipboard, where it stands as a page, too. */
    fun pastes(
        text: String,
        page: String?,
    ) {
        copied = page?.let { text to it }
    }

    /** The user typed, pasted, or moved the cursor. */
    fun changed(value: TextFieldValue) {
        val (text, page) = copied ?: (null to null)
        copied = null
        if (text != null && page != null && value.text == editor.withSelection(text)) {
            composition = null
            return become(editor.pasted(page.wellFormed()))
        }
        val after = editor.changed(value.text.wellFormed(), TextPlace(value.selection.min.toUInt(), value.selection.max.toUInt()))
        // The keyboard cannot go on with a word of a text that was changed under it.
        composition = value.composition.takeIf { after.text.text == value.text }
        become(after)
    }

    fun toggle(look: TextLook) = become(editor.toggled(look))

    fun list(list: TextList) = become(editor.listed(list))

    /** Makes the selection lead to [address]. Returns false, and changes nothing, if no link can lead there. */
    fun link(address: String): Boolean = editor.linked(address.wellFormed())?.let(::become) != null

    fun unlink() = become(editor.unlinked())

    private fun Editor.withSelection(replacement: String) =
        text.text.replaceRange(selection.from.toInt(), selection.to.toInt(), replacement)

    private fun become(next: Editor) {
        val isSame = next.text == editor.text
        editor = next
        if (!isSame) tell(next.text)
    }
}

/** The editor of this reply. It starts over when the text was replaced by something other than typing. */
@Composable
internal fun rememberReplyEditor(
    reply: ReplyState,
    tell: (FormattedText) -> Unit,
): ReplyEditor = remember(reply.revision) { ReplyEditor(reply.written, tell) }

/** The field, with the shortcuts of a keyboard: Ctrl or ⌘ with B, I and K. */
@Composable
internal fun ReplyTextField(
    editor: ReplyEditor,
    enabled: Boolean,
    focus: FocusRequester,
    onLink: () -> Unit,
    modifier: Modifier = Modifier,
) {
    val label = string("reply.write")
    val (clipboard, pageOf) = LocalClipboardManager.current to LocalCopiedPage.current
    val pasting = remember(clipboard, pageOf, editor) { PasteClipboard(clipboard, pageOf, editor) }
    CompositionLocalProvider(LocalClipboardManager provides pasting) {
        OutlinedTextField(
            value = editor.shown(MaterialTheme.colorScheme.primary),
            onValueChange = editor::changed,
            modifier =
                modifier
                    .focusRequester(focus)
                    .onPreviewKeyEvent { shortcut(it, editor, onLink) }
                    .semantics { contentDescription = label },
            enabled = enabled,
            textStyle = LocalTextStyle.current.copy(textDirection = TextDirection.Content),
            placeholder = { Text(label) },
            keyboardOptions = KeyboardOptions(KeyboardCapitalization.Sentences),
            // With large text, fewer lines leave more space for the thread.
            maxLines = if (LocalDensity.current.fontScale > 1.4f) 3 else 6,
            shape = MaterialTheme.shapes.extraLarge,
            colors = fieldColors(),
        )
    }
}

private fun shortcut(
    event: KeyEvent,
    editor: ReplyEditor,
    onLink: () -> Unit,
): Boolean {
    if (event.type != KeyEventType.KeyDown || !event.isCtrlPressed && !event.isMetaPressed) return false
    when (event.key) {
        Key.B -> editor.toggle(TextLook.BOLD)
        Key.I -> editor.toggle(TextLook.ITALIC)
        Key.K -> onLink()
        else -> return false
    }
    return true
}

/** The buttons above the field. They leave the cursor in the field. */
@Composable
internal fun FormatBar(
    editor: ReplyEditor,
    enabled: Boolean,
    onLink: () -> Unit,
) {
    val looks = editor.looks
    Row(Modifier.fillMaxWidth().horizontalScroll(rememberScrollState()).focusProperties { canFocus = false }) {
        FormatButton(Icons.Bold, "format.bold", looks.bold, enabled) { editor.toggle(TextLook.BOLD) }
        FormatButton(Icons.Italic, "format.italic", looks.italic, enabled) { editor.toggle(TextLook.ITALIC) }
        FormatButton(Icons.Bullets, "format.bullets", looks.list == TextList.BULLETS, enabled) { editor.list(TextList.BULLETS) }
        FormatButton(Icons.Numbers, "format.numbers", looks.list == TextList.NUMBERS, enabled) { editor.list(TextList.NUMBERS) }
        FormatButton(Icons.Link, "format.link", looks.link != null, enabled, onLink)
    }
}

@Composable
private fun FormatButton(
    icon: ImageVector,
    key: String,
    isOn: Boolean,
    enabled: Boolean,
    onClick: () -> Unit,
) {
    IconToggleButton(isOn, { onClick() }, enabled = enabled) { Icon(icon, string(key)) }
}

private fun annotated(
    text: FormattedText,
    linkColor: Color,
) = AnnotatedString(
    text.text,
    text.formats.map { format ->
        val style =
            SpanStyle(
                color = if (format.link == null) Color.Unspecified else linkColor,
                fontWeight = if (format.bold) FontWeight.Bold else null,
                fontStyle = if (format.italic) FontStyle.Italic else null,
                textDecoration = if (format.link == null) null else TextDecoration.Underline,
            )
        AnnotatedString.Range(style, format.place.from.toInt(), format.place.to.toInt())
    },
)

package dev.pocketdesk.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.isShiftPressed
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.onPreviewKeyEvent
import androidx.compose.ui.input.key.type
import androidx.compose.ui.platform.LocalSoftwareKeyboardController
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextRange
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.TextFieldValue
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors

/** What a search field does. */
internal class SearchActions(
    val onText: (String) -> Unit,
    /** Called for Escape; null if the field cannot be closed. */
    val onClose: (() -> Unit)? = null,
    /** Called for Enter and for the keyboard's own key; what was typed is searched for anyway. */
    val onEnter: ((backwards: Boolean) -> Unit)? = null,
)

/**
 * A field of one line that searches while the user types. It starts with [text], and owns it from then on.
 *
 * @param focus gives the field the keyboard's focus when the caller requests it.
 */
@Composable
internal fun SearchField(
    label: String,
    text: String,
    actions: SearchActions,
    modifier: Modifier = Modifier,
    focus: FocusRequester = remember { FocusRequester() },
) {
    var value by remember { mutableStateOf(TextFieldValue(text, TextRange(text.length))) }
    var isFocused by remember { mutableStateOf(false) }
    val keyboard = LocalSoftwareKeyboardController.current
    val colors = MaterialTheme.colorScheme
    val type: (TextFieldValue) -> Unit = { new ->
        val changed = new.text != value.text
        value = new
        if (changed) actions.onText(new.text)
    }
    BasicTextField(
        value,
        type,
        modifier
            .focusRequester(focus)
            .onFocusChanged { isFocused = it.isFocused }
            .onPreviewKeyEvent { actions.take(it) }
            .semantics { contentDescription = label },
        textStyle = MaterialTheme.typography.bodyLarge.copy(color = colors.onSurface, textDirection = TextDirection.Content),
        cursorBrush = SolidColor(colors.primary),
        keyboardOptions = KeyboardOptions(imeAction = ImeAction.Search),
        keyboardActions =
            KeyboardActions(
                onSearch = {
                    keyboard?.hide()
                    actions.onEnter?.invoke(false)
                },
            ),
        singleLine = true,
    ) { field ->
        Row(
            Modifier
                .heightIn(min = 48.dp)
                .background(extendedColors.card, MaterialTheme.shapes.medium)
                .border(
                    if (isFocused) 2.dp else 1.dp,
                    if (isFocused) colors.primary else colors.outline,
                    MaterialTheme.shapes.medium,
                ).padding(start = 14.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Box(Modifier.weight(1f).padding(top = 10.dp, bottom = 10.dp, end = 4.dp), Alignment.CenterStart) {
                if (value.text.isEmpty()) {
                    // It is read as the name of the field.
                    Text(
                        label,
                        Modifier.clearAndSetSemantics { },
                        color = colors.onSurfaceVariant,
                        maxLines = 1,
                        overflow = TextOverflow.Ellipsis,
                        style = MaterialTheme.typography.bodyLarge,
                    )
                }
                field()
            }
            if (value.text.isEmpty()) {
                Icon(Icons.Search, null, Modifier.padding(end = 14.dp).size(20.dp), tint = colors.onSurfaceVariant)
            } else {
                BarButton(
                    Icons.Close,
                    string("search.clear"),
                    {
                        type(TextFieldValue())
                        focus.requestFocus()
                    },
                )
            }
        }
    }
}

/** A keyboard's Escape closes, its Enter goes on, and back together with Shift. */
private fun SearchActions.take(event: KeyEvent): Boolean {
    val (close, enter) = onClose to onEnter
    val act =
        when {
            event.key == Key.Escape && close != null -> close
            (event.key == Key.Enter || event.key == Key.NumPadEnter) && enter != null -> ({ enter(event.isShiftPressed) })
            else -> return false
        }
    if (event.type == KeyEventType.KeyDown) act()
    return true
}

/** A search field in the place of a screen's title. When it is opened, it takes the keyboard. */
@Composable
internal fun RowScope.SearchBar(
    label: String,
    text: String,
    actions: SearchActions,
) {
    val focus = remember { FocusRequester() }
    // One that is there again with its text, after a turn of the screen, does not open the keyboard over what was found.
    LaunchedEffect(focus) { if (text.isEmpty()) focus.requestFocus() }
    BarButton(Icons.Back, string("search.close"), { actions.onClose?.invoke() })
    SearchField(label, text, actions, Modifier.weight(1f).padding(end = 8.dp), focus)
}

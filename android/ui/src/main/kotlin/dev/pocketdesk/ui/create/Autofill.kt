package dev.pocketdesk.ui.create

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.Modifier
import androidx.compose.ui.autofill.AutofillNode
import androidx.compose.ui.autofill.AutofillType
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.layout.boundsInWindow
import androidx.compose.ui.layout.onGloballyPositioned
import androidx.compose.ui.platform.LocalAutofill
import androidx.compose.ui.platform.LocalAutofillTree

/** What a field is for, where the system may know that of the user. */
internal enum class Known { NAME, EMAIL }

@OptIn(ExperimentalComposeUiApi::class)
private val Known.type
    get() =
        when (this) {
            Known.NAME -> AutofillType.PersonFullName
            Known.EMAIL -> AutofillType.EmailAddress
        }

/**
 * Lets the system offer what it knows of the user, such as the address, while the field has the focus.
 *
 * @param known what the field is for; null if the system knows nothing for it.
 * @param onFill takes the text that the user has chosen.
 */
@OptIn(ExperimentalComposeUiApi::class)
@Composable
internal fun Modifier.filledBySystem(
    known: Known?,
    onFill: (String) -> Unit,
): Modifier {
    if (known == null) return this
    val autofill = LocalAutofill.current
    val tree = LocalAutofillTree.current
    val fill by rememberUpdatedState(onFill)
    val node = remember(known) { AutofillNode(listOf(known.type)) { fill(it) } }
    DisposableEffect(tree, node) {
        tree += node
        onDispose { tree.children.remove(node.id) }
    }
    return onGloballyPositioned { node.boundingBox = it.boundsInWindow() }
        .onFocusChanged {
            // A field without a place was never offered anything.
            if (node.boundingBox == null) return@onFocusChanged
            if (it.isFocused) autofill?.requestAutofillForNode(node) else autofill?.cancelAutofillForNode(node)
        }
}

package dev.pocketdesk.ui.create

import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.runtime.Composable
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.ui.string

// Who writes, and where the answer is mailed. Only a form without an account asks for it.

@Composable
internal fun NameField(
    state: NewTicketState.Editing,
    actions: NewTicketActions,
) {
    LabelledField(
        label = string("new.name"),
        text = state.draft.name,
        revision = state.revision,
        error = state.problem(Field.NAME)?.let { string(it.key, *it.numbers) },
        options = KeyboardOptions(KeyboardCapitalization.Words, autoCorrectEnabled = false, imeAction = ImeAction.Next),
        fill = Known.NAME,
        onLeft = { actions.visited(Field.NAME) },
        onText = actions.name,
    )
}

@Composable
internal fun EmailField(
    state: NewTicketState.Editing,
    actions: NewTicketActions,
) {
    LabelledField(
        label = string("new.email"),
        text = state.draft.email,
        revision = state.revision,
        hint = string("new.email.hint"),
        error = state.problem(Field.EMAIL)?.let { string(it.key) },
        options = KeyboardOptions(autoCorrectEnabled = false, keyboardType = KeyboardType.Email, imeAction = ImeAction.Next),
        fill = Known.EMAIL,
        onLeft = { actions.visited(Field.EMAIL) },
        onText = actions.email,
    )
}

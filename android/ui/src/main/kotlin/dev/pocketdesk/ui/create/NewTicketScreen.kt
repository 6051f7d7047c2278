package dev.pocketdesk.ui.create

import androidx.compose.animation.AnimatedVisibility
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldMessage
import dev.pocketdesk.bindings.FormField
import dev.pocketdesk.bindings.Product
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.ui.parts.BarButton
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.Failure
import dev.pocketdesk.ui.parts.FileActions
import dev.pocketdesk.ui.parts.Loading
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import java.nio.file.Path

/** The actions of the form. */
internal class NewTicketActions(
    val back: () -> Unit,
    val name: (String) -> Unit,
    val email: (String) -> Unit,
    val subject: (String) -> Unit,
    val issueType: (String) -> Unit,
    val ccEntry: (String) -> String,
    val removeCc: (Int) -> Unit,
    val editCc: (Int) -> String,
    val description: (String) -> Unit,
    val access: (Boolean) -> Unit,
    /** Null if no file can be chosen here. */
    val attach: (() -> Unit)?,
    val files: FileActions,
    val visited: (Field) -> Unit,
    val create: () -> Unit,
    val discard: () -> Unit,
    val reload: () -> Unit,
    val openArticle: (Long) -> Unit = {},
    val openTicket: (Long) -> Unit = {},
)

/** The form for a new ticket, or for a ticket that waits to be sent: the fields of the product, in its order. */
@Composable
internal fun NewTicketScreen(
    state: NewTicketState,
    product: Product,
    actions: NewTicketActions,
    unsent: Boolean = false,
) {
    var discarding by rememberSaveable { mutableStateOf(false) }
    val editing = state as? NewTicketState.Editing
    val title =
        when {
            unsent -> "edit.ticket"
            product.anonymous -> "anonymous.title"
            else -> "new.title"
        }
    Page(
        title = string(title),
        onBack = actions.back,
        actions = { if (editing?.hasContent == true && !unsent) BarButton(Icons.Bin, string("new.discard"), { discarding = true }) },
        bottom = { if (editing != null) CreateBar(editing, actions.create) },
    ) { padding ->
        when (state) {
            NewTicketState.Loading, is NewTicketState.Created -> Loading(null, Modifier.padding(padding))
            is NewTicketState.Failed -> Failure(state.stringKey, Modifier.padding(padding), actions.reload)
            is NewTicketState.Editing ->
                Column(
                    Modifier
                        .fillMaxSize()
                        .padding(padding)
                        .verticalScroll(rememberScrollState())
                        .testTag("form")
                        .padding(horizontal = Margin)
                        .padding(top = 4.dp, bottom = 24.dp),
                    Arrangement.spacedBy(22.dp),
                ) { Form(state, product, actions) }
        }
    }
    if (discarding) {
        DiscardDialog(string("new.discard"), string("new.discard.question"), onClose = { discarding = false }, onDiscard = actions.discard)
    }
}

@Composable
private fun Form(
    state: NewTicketState.Editing,
    product: Product,
    actions: NewTicketActions,
) {
    AnimatedVisibility(state.restored && state.revision == 0) { Note(Icons.Info, string("draft.kept")) }
    product.form.forEach { field ->
        key(field) {
            when (field) {
                FormField.NAME -> NameField(state, actions)
                FormField.EMAIL -> EmailField(state, actions)
                FormField.SUBJECT ->
                    Column {
                        SubjectField(state, actions)
                        SimilarTitles(state.similar, actions)
                    }
                FormField.ISSUE_TYPE -> TypeField(state, product, actions)
                FormField.CC -> CcField(state, actions)
                FormField.DESCRIPTION -> DescriptionField(state, actions)
                FormField.ACCESS -> AccessToggle(state.draft.access, actions.access)
                FormField.ATTACHMENTS -> actions.attach?.let { FilesField(state, product, actions, it) }
            }
        }
    }
}

@Composable
private fun SubjectField(
    state: NewTicketState.Editing,
    actions: NewTicketActions,
) {
    val tooLong = state.check.subjectCount > state.check.subjectLimit
    LabelledField(
        label = string("new.subject"),
        text = state.draft.subject,
        revision = state.revision,
        error = state.problem(Field.SUBJECT)?.let { string(it.key, *it.numbers) },
        counter = Counter(state.check.subjectCount.toInt(), state.check.subjectLimit.toInt(), tooLong),
        options = KeyboardOptions(KeyboardCapitalization.Sentences, imeAction = ImeAction.Next),
        lines = 1..4,
        // A subject is one line: a pasted line break becomes a space at once, as it would when it is sent.
        filter = { it.replace(LineBreaks, " ") },
        onLeft = { actions.visited(Field.SUBJECT) },
        onText = actions.subject,
    )
}

@Composable
private fun TypeField(
    state: NewTicketState.Editing,
    product: Product,
    actions: NewTicketActions,
) {
    IssueTypeField(
        types = product.issueTypes,
        chosen = state.draft.issueType,
        hint = string("new.issue_type.hint").takeIf { product.preselectedIssueType.isNotEmpty() },
        error = state.problem(Field.ISSUE_TYPE)?.let { string(it.key) },
        onChoose = actions.issueType,
    )
}

@Composable
private fun DescriptionField(
    state: NewTicketState.Editing,
    actions: NewTicketActions,
) {
    LabelledField(
        label = string("new.description"),
        text = state.draft.description,
        revision = state.revision,
        hint = string("new.description.hint"),
        error = state.problem(Field.DESCRIPTION)?.let { string(it.key) },
        options = KeyboardOptions(KeyboardCapitalization.Sentences),
        lines = 5..14,
        onLeft = { actions.visited(Field.DESCRIPTION) },
        onText = actions.description,
    )
}

@Composable
private fun AccessToggle(
    on: Boolean,
    onChange: (Boolean) -> Unit,
) {
    Column(Modifier.fillMaxWidth()) {
        FieldLabel(string("new.access"))
        FieldCard {
            Row(
                Modifier
                    .fillMaxWidth()
                    .toggleable(on, role = Role.Switch, onValueChange = onChange)
                    .heightIn(min = 56.dp)
                    .padding(horizontal = 16.dp, vertical = 12.dp),
                Arrangement.spacedBy(16.dp),
                Alignment.CenterVertically,
            ) {
                Text(string("new.access.label"), Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
                Switch(on, onCheckedChange = null)
            }
        }
    }
}

@Composable
private fun CreateBar(
    state: NewTicketState.Editing,
    onCreate: () -> Unit,
) {
    Column(Modifier.padding(horizontal = Margin, vertical = 12.dp)) {
        state.failure?.let { Note(Icons.Alert, string(it), Modifier.padding(bottom = 8.dp), error = true) }
        Button(onCreate, Modifier.fillMaxWidth().heightIn(min = 52.dp), enabled = state.canCreate) {
            Text(string(if (state.before == null) "new.create" else "button.save"))
        }
    }
}

/** The values of the placeholders in its text. */
internal val FieldMessage.numbers: Array<Pair<String, Any>>
    get() = listOfNotNull(count?.let { "count" to it }, limit?.let { "limit" to it }).toTypedArray()

private val LineBreaks = Regex("\\R")

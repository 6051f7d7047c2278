package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalClipboardManager
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.ReplyAlternative
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** What the product offers where a ticket takes no reply: ids to copy, the mail, and a new ticket that names this one. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun ReplyAlternatives(
    alternatives: List<ReplyAlternative>,
    onNewRequest: () -> Unit,
) {
    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(4.dp)) {
        alternatives.filterIsInstance<ReplyAlternative.AnswerMail>().forEach {
            Note(
                Icons.Mail,
                it.text,
                Modifier.padding(horizontal = 4.dp),
            )
        }
        FlowRow(Modifier, Arrangement.spacedBy(4.dp)) {
            alternatives.filterIsInstance<ReplyAlternative.Copy>().forEach { CopyText(it) }
        }
        alternatives.filterIsInstance<ReplyAlternative.NewRequest>().forEach {
            OutlinedButton(onNewRequest, Modifier.fillMaxWidth().heightIn(min = 48.dp)) {
                Icon(Icons.Write, null, Modifier.size(18.dp))
                Text(it.label, Modifier.padding(start = 8.dp))
            }
        }
    }
}

@Composable
private fun CopyText(way: ReplyAlternative.Copy) {
    val clipboard = LocalClipboardManager.current
    var copied by remember(way.value) { mutableStateOf(false) }
    val action = string(if (copied) "button.copied" else "button.copy")
    val copy = {
        clipboard.setText(AnnotatedString(way.value))
        copied = true
    }
    PlainButton(copy, Modifier.heightIn(min = 48.dp).semantics { contentDescription = "$action: ${way.label} ${way.value}" }) {
        Icon(if (copied) Icons.Check else Icons.Copy, null, Modifier.size(18.dp))
        Text("${way.label} ${way.value}", Modifier.padding(start = 8.dp))
    }
}

package dev.pocketdesk.ui.thread

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.testTag
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.Person
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.smallPicture
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors

/** One message: author, time, text, files, and the delivery state of a message of this user. */
@Composable
internal fun MessageItem(
    message: Message,
    state: ThreadState.Shown,
    actions: ThreadActions,
    found: FoundInMessage? = null,
) {
    val colors = extendedColors
    val (container, content) = if (message.mine) colors.mine else colors.mine.copy(colors.card, MaterialTheme.colorScheme.onSurface)
    Box(
        Modifier.fillMaxWidth().padding(start = if (message.mine) Indent else 0.dp, end = if (message.mine) 0.dp else Indent),
        if (message.mine) Alignment.CenterEnd else Alignment.CenterStart,
    ) {
        Surface(color = container, contentColor = content, shape = MaterialTheme.shapes.large) {
            Column(Modifier.padding(horizontal = 14.dp, vertical = 12.dp)) {
                Byline(message, state.ticket, actions)
                // Above the text, whose end is far away.
                if (message.shortened) Note(Icons.Info, string("message.shortened"), Modifier.padding(top = 6.dp))
                MessageText(message, actions, found)
                message.filesBelow.forEach { (index, file) ->
                    AttachmentLine(
                        file,
                        onDownload = { actions.download(message.id, index) },
                        onOpen = actions.open?.let { open -> { open(message.id, index, file.contentType) } },
                        thumbnail = { actions.thumbnail(message.id, index) },
                    )
                }
                Sending(message, actions)
            }
        }
    }
}

private val Indent = 28.dp

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Byline(
    message: Message,
    ticket: Ticket,
    actions: ThreadActions,
) {
    val author = message.authorKey?.let { string(it) } ?: message.author ?: ticket.createdBy.takeIf { message.description }
    FlowRow(Modifier, Arrangement.spacedBy(8.dp), Arrangement.spacedBy(2.dp)) {
        if (author != null) AuthorPhoto(message, author, actions, Modifier.align(Alignment.CenterVertically))
        if (author != null) Text(author, Modifier.align(Alignment.CenterVertically), style = MaterialTheme.typography.titleSmall)
        if (message.fromAgent && message.author != null) {
            Text(
                string("ticket.desk"),
                Modifier.align(Alignment.CenterVertically),
                color = MaterialTheme.colorScheme.primary,
                style = MaterialTheme.typography.labelMedium,
            )
        }
        Text(
            LocalDates.current.moment(message.createdAt),
            Modifier.align(Alignment.CenterVertically),
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodySmall,
        )
    }
}

/** The photo of an agent, and the initials until it is here. The name, which stands beside it, says the same to a screen reader. */
@Composable
private fun AuthorPhoto(
    message: Message,
    author: String,
    actions: ThreadActions,
    modifier: Modifier,
) {
    if (message.authorPhoto == null) return
    val photo = smallPicture(message.authorPhoto, message.id, PHOTO) { actions.authorPhoto(message.id) }
    Box(
        modifier.size(PHOTO).clip(CircleShape).background(MaterialTheme.colorScheme.secondaryContainer).clearAndSetSemantics {
            testTag = if (photo == null) "initials" else "photo"
        },
        Alignment.Center,
    ) {
        if (photo == null) {
            val style = MaterialTheme.typography.labelSmall
            // The circle does not grow with the user's text size, so these letters do not either.
            val size = with(LocalDensity.current) { 10.dp.toSp() }
            Text(Person(author).initials, color = MaterialTheme.colorScheme.onSecondaryContainer, style = style.copy(fontSize = size))
        } else {
            Image(photo, null, Modifier.fillMaxSize(), contentScale = ContentScale.Crop)
        }
    }
}

private val PHOTO = 24.dp

@Composable
private fun Sending(
    message: Message,
    actions: ThreadActions,
) {
    if (message.delivery == Delivery.Sent) return
    val edit = { if (message.description) actions.editTicket() else actions.edit(message.id) }
    DeliveryLine(
        message.delivery,
        DeliveryTexts(message.deliveryKey, message.reasonKey, message.retryKey, message.discardQuestionKey),
        DeliveryActions(
            retry = { actions.retry(message.id) }.takeIf { message.canRetry },
            edit = edit.takeIf { message.canEdit },
            discard = { actions.discard(message.id) }.takeIf { message.canDiscard },
            remove = { actions.remove(message.id) },
        ),
        Modifier.padding(top = 6.dp),
    )
}

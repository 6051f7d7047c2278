package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Product
import dev.pocketdesk.kit.strings.stringKey
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.Banner
import dev.pocketdesk.ui.parts.Failure
import dev.pocketdesk.ui.parts.Loading
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.parts.withFontScaleUpTo
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.Tone

/** The actions of the thread screen. */
internal class ThreadActions(
    val back: () -> Unit,
    val reply: (String) -> Unit,
    val send: () -> Unit,
    val retry: (Long) -> Unit,
    val discard: (Long) -> Unit,
    val remove: (Long) -> Unit,
    val retryThread: () -> Unit,
    val edit: (Long) -> Unit,
    val editText: (String) -> Unit,
    val saveEdit: () -> Unit,
    val cancelEdit: () -> Unit,
    val editTicket: () -> Unit,
    val openCc: () -> Unit,
    val ccText: (String) -> Unit,
    val saveCc: () -> Unit,
    val closeCc: () -> Unit,
    val solve: () -> Unit,
    val retryChange: (Long) -> Unit,
    val discardChange: (Long) -> Unit,
    val download: (message: Long, index: Int) -> Unit,
    /** Null if no app can show a file. */
    val open: ((message: Long, index: Int, contentType: String) -> Unit)?,
    /** Null if no file can be chosen. */
    val attach: (() -> Unit)?,
    val detach: (Long) -> Unit,
    /** Starts a new ticket with the draft for this one. */
    val followUp: () -> Unit,
    val discardReply: () -> Unit,
    val reload: () -> Unit,
)

/** One ticket: its details, its messages, and the reply bar at the bottom. */
@Composable
internal fun ThreadScreen(
    state: ThreadState,
    product: Product,
    actions: ThreadActions,
) {
    val shown = state as? ThreadState.Shown
    val number = shown?.ticket?.row?.number
    Page(
        title = if (shown == null) "" else number?.let { "#$it" } ?: string(shown.ticket.delivery.title),
        onBack = actions.back,
        bottom = { if (shown != null) ReplyBar(shown.ticket, shown.reply, actions) },
    ) { padding ->
        when (state) {
            ThreadState.Loading, is ThreadState.Removed -> Loading(null, Modifier.padding(padding))
            is ThreadState.Failed -> Failure(state.stringKey, Modifier.padding(padding), actions.reload)
            is ThreadState.Shown -> Messages(state, product, actions, Modifier.padding(padding))
        }
    }
    shown?.edit?.let { EditDialog(it, actions) }
    shown?.cc?.let { CcDialog(it, actions) }
}

/** The title of a ticket that has no number yet. */
private val Delivery.title: String
    get() = if (this == Delivery.MayHaveBeenSent) "delivery.may_have_been_sent.short" else stringKey ?: "delivery.queued"

@Composable
private fun Messages(
    state: ThreadState.Shown,
    product: Product,
    actions: ThreadActions,
    modifier: Modifier,
) {
    val list = rememberLazyListState()
    FollowEnd(list, state.messages.size, state.ticket.threadComplete)
    LazyColumn(
        modifier.fillMaxSize().testTag("thread"),
        list,
        PaddingValues(start = Margin, end = Margin, top = 4.dp, bottom = 16.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        item(key = "facts", contentType = "facts") {
            Column {
                if (state.ticket.refreshProblem != null) NotRefreshed(actions.retryThread)
                TicketFacts(state.ticket, product, actions)
            }
        }
        items(state.messages, { it.id }, { "message" }) { message -> MessageItem(message, state.ticket, actions) }
        items(state.ticket.changes, { "change ${it.id}" }, { "change" }) { change -> ChangeItem(change, actions) }
        if (!state.ticket.threadComplete && state.ticket.row.visible) {
            item(
                key = "incomplete",
                contentType = "note",
            ) { Note(Icons.Info, string("ticket.not_fetched"), Modifier.padding(horizontal = 4.dp)) }
        }
        if (state.ticket.leftOut > 0u) {
            item(
                key = "left out",
                contentType = "note",
            ) { Note(Icons.Info, counted("ticket.left_out", state.ticket.leftOut.toInt()), Modifier.padding(horizontal = 4.dp)) }
        }
    }
}

/** The server could not give the thread. What is known of it stays on the screen below. */
@Composable
private fun NotRefreshed(onRetry: () -> Unit) {
    // Doubled, it would fill a small phone and hide the thread that it is about.
    CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_NOTICE)) {
        Banner(
            icon = Icons.Alert,
            text = string("ticket.refresh_failed"),
            tone = Tone(MaterialTheme.colorScheme.surfaceContainerHighest, MaterialTheme.colorScheme.onSurface),
            modifier = Modifier.padding(bottom = 14.dp),
            action = string("action.retry") to onRetry,
        )
    }
}

private const val LARGEST_NOTICE = 1.5f

/**
 * Scrolls to a new last message, such as the user's own reply, if the end of the thread was on screen. If the user is further up,
 * nothing moves. Nothing moves either while a thread is loaded for the first time, because the screen did not show its real end
 * before.
 */
@Composable
private fun FollowEnd(
    list: LazyListState,
    messages: Int,
    complete: Boolean,
) {
    var before by remember { mutableStateOf(messages) }
    var known by remember { mutableStateOf(complete) }
    LaunchedEffect(messages, complete) {
        val visible =
            list.layoutInfo.visibleItemsInfo
                .lastOrNull()
                ?.index ?: 0
        // The details are item 0, so item `before` is the message that was last.
        if (known && messages > before && visible >= before) list.animateScrollToItem(messages)
        before = messages
        known = complete
    }
}

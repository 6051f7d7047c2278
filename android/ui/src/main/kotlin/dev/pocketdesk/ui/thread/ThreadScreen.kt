package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.FormattedText
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.details.ActionDialog
import dev.pocketdesk.ui.parts.Banner
import dev.pocketdesk.ui.parts.Failure
import dev.pocketdesk.ui.parts.FileActions
import dev.pocketdesk.ui.parts.Loading
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.MenuEntry
import dev.pocketdesk.ui.parts.MoreButton
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.parts.SearchActions
import dev.pocketdesk.ui.parts.SearchBar
import dev.pocketdesk.ui.parts.withFontScaleUpTo
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors
import java.nio.file.Path

/** The actions of the thread screen. */
internal class ThreadActions(
    val back: () -> Unit,
    val reply: (FormattedText) -> Unit,
    val send: () -> Unit,
    val retry: (Long) -> Unit,
    val discard: (Long) -> Unit,
    val remove: (Long) -> Unit,
    val removeTicket: () -> Unit,
    val retryThread: () -> Unit,
    val edit: (Long) -> Unit,
    val editText: (String) -> Unit,
    val saveEdit: () -> Unit,
    val cancelEdit: () -> Unit,
    val editTicket: () -> Unit,
    val act: (ActionOffer) -> Unit,
    val confirmAction: () -> Unit,
    val cancelAction: () -> Unit,
    val ccText: (String) -> Unit,
    val saveCc: () -> Unit,
    val closeCc: () -> Unit,
    val toggle: (ActionOffer, Boolean) -> Unit,
    val feedbackAnswer: (String) -> Unit,
    val feedbackText: (String) -> Unit,
    val sendFeedback: () -> Unit,
    val closeFeedback: () -> Unit,
    val retryChange: (Long) -> Unit,
    val discardChange: (Long) -> Unit,
    val download: (message: Long, index: Int) -> Unit,
    /** Null if no app can show a file. */
    val open: ((message: Long, index: Int, contentType: String) -> Unit)?,
    /** The file with the copy of a picture that stands in a message's text. */
    val picture: suspend (message: Long, index: Int) -> Path?,
    /** Null if no file can be chosen. */
    val attach: (() -> Unit)?,
    val files: FileActions,
    /** Starts a new ticket with the draft for this one, where the product has no action for that. */
    val followUp: () -> Unit,
    val discardReply: () -> Unit,
    val reload: () -> Unit,
    /** Where the small form of a picture is; requested if it is not here. */
    val thumbnail: suspend (message: Long, index: Int) -> Path? = { _, _ -> null },
    /** Where the photo of a message's author is, as [thumbnail]. */
    val authorPhoto: suspend (message: Long) -> Path? = { null },
    /** Marks the ticket as unread and leaves the screen. */
    val markUnread: () -> Unit = {},
    /** Opens another ticket. */
    val openTicket: (Long) -> Unit = {},
    /** Finds a text in the thread; null if the product has no search. */
    val find: FindActions? = null,
)

/**
 * One ticket: its details, its messages, and the reply bar at the bottom.
 *
 * @param beside whether it stands beside the history.
 */
@Composable
internal fun ThreadScreen(
    state: ThreadState,
    actions: ThreadActions,
    beside: Boolean = false,
) {
    val shown = state as? ThreadState.Shown
    val number = shown?.ticket?.row?.number
    val find = shown?.find?.takeIf { shown.details.showsMessages }
    Page(
        title =
            number?.let { "#$it" } ?: shown
                ?.ticket
                ?.unsentTitleKey
                ?.let { string(it) }
                .orEmpty(),
        onBack = actions.back,
        beside = beside,
        search =
            actions.find?.takeIf { find != null }?.let { finding ->
                {
                    val onEnter: (Boolean) -> Unit = { backwards -> if (backwards) finding.previous() else finding.next() }
                    SearchBar(string("find.field"), find?.text.orEmpty(), SearchActions(finding.find, finding.close, onEnter))
                }
            },
        actions = { shown?.let { MoreButton(menuOf(it, actions), key = "ticket.menu") } },
        bottom = {
            when {
                find != null && actions.find != null -> FindBar(find, actions.find)
                shown?.hasReplyBar == true -> ReplyBar(shown, actions)
            }
        },
    ) { padding ->
        when (state) {
            ThreadState.Loading, is ThreadState.Removed -> Loading(null, Modifier.padding(padding))
            is ThreadState.Failed -> Failure(state.stringKey, Modifier.padding(padding), actions.reload)
            is ThreadState.Shown -> Thread(state, actions, Modifier.padding(padding))
        }
    }
    shown?.edit?.let { EditDialog(it, actions) }
    shown?.cc?.let { CcDialog(it, actions) }
    shown?.feedback?.let { FeedbackDialog(it, actions) }
    shown?.asking?.let { ActionDialog(it, actions.cancelAction, actions.confirmAction) }
}

private fun menuOf(
    state: ThreadState.Shown,
    actions: ThreadActions,
): List<MenuEntry> {
    val isMarked = state.ticket.row.markKey != null && state.ticket.answersGoTo == null
    val find = actions.find?.takeIf { state.details.showsMessages }
    return listOfNotNull(
        find?.let { MenuEntry("find.field") { it.find("") } },
        MenuEntry("history.mark_unread", actions.markUnread).takeIf { isMarked },
    )
}

/**
 * The ticket's head stays above its thread, and so does the notice that the thread could not be refreshed. While the user searches the thread, the
 * head is hidden on a screen that is lower than [RoomForHead].
 */
@Composable
private fun Thread(
    state: ThreadState.Shown,
    actions: ThreadActions,
    modifier: Modifier,
) {
    BoxWithConstraints(modifier.fillMaxSize()) {
        val showsMessages = state.details.showsMessages
        val tallest = if (showsMessages) maxHeight * LARGEST_SHARE else maxHeight
        val hasRoom = state.find == null || maxHeight >= RoomForHead
        Column {
            if (hasRoom) TicketHeader(state, actions, tallest, startsOpen = !showsMessages)
            if (state.ticket.refreshProblem != null) NotRefreshed(actions.retryThread)
            if (showsMessages) Conversation(state, actions, Modifier.weight(1f))
        }
    }
}

/** From which height on the head stands above what was found. */
private val RoomForHead = 480.dp

/** How much of the screen the open details may take. */
private const val LARGEST_SHARE = 0.6f

/** The server could not give the thread. What is known of it stays on the screen below. */
@Composable
private fun NotRefreshed(onRetry: () -> Unit) {
    // Doubled, it would fill a small phone and hide the thread that it is about.
    CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_NOTICE)) {
        Banner(
            icon = Icons.Alert,
            text = string("ticket.refresh_failed"),
            tone = extendedColors.raised,
            modifier = Modifier.padding(start = Margin, top = 8.dp, end = Margin),
            action = string("button.retry") to onRetry,
        )
    }
}

private const val LARGEST_NOTICE = 1.5f

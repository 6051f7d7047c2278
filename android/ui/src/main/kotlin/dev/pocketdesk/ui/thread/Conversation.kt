package dev.pocketdesk.ui.thread

import androidx.compose.animation.AnimatedVisibility
import androidx.compose.animation.fadeIn
import androidx.compose.animation.fadeOut
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.runtime.withFrameNanos
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.alpha
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.thread.FindState
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import kotlinx.coroutines.launch

/**
 * The messages of a thread, the changes that wait, and what is missing.
 *
 * The list is anchored at its end: what is said last stays above the keyboard, and older messages that are loaded later change nothing. It opens
 * at its end or, if something is new, with the first new message at its top under a line that says so. Later it moves by itself in three cases
 * only: to a message that the user has just written, to one that arrives while its end is on screen (with that line at the top if it is the first
 * new one), and to one in which the user has found something.
 */
@Composable
internal fun Conversation(
    state: ThreadState.Shown,
    actions: ThreadActions,
    modifier: Modifier,
) {
    val lines = remember(state.messages, state.ticket, state.unread) { linesOf(state) }
    val list = rememberLazyListState()
    val isPlaced = keepInPlace(list, lines)
    val reveal = goToFound(list, lines, state.find, isPlaced)
    val found = remember(state.find, reveal) { state.find?.inMessages(reveal).orEmpty() }
    Box(modifier.fillMaxSize()) {
        LazyColumn(
            // Until the list is in its place, it would be seen to jump there.
            Modifier.fillMaxSize().alpha(if (isPlaced) 1f else 0f).testTag("thread"),
            list,
            PaddingValues(start = Margin, end = Margin, top = 12.dp, bottom = 16.dp),
            reverseLayout = true,
            verticalArrangement = Arrangement.spacedBy(12.dp, Alignment.Top),
        ) {
            items(lines, { it.key }, { it::class }) { line ->
                when (line) {
                    is Line.Said -> MessageItem(line.message, state, actions, found[line.message.id])
                    is Line.Changing -> ChangeItem(line.change, actions)
                    Line.New -> NewLine()
                    Line.NotFetched -> Note(Icons.Info, string("ticket.not_fetched"), Modifier.padding(horizontal = 4.dp))
                    is Line.LeftOut -> Note(Icons.Info, counted("ticket.left_out", line.count), Modifier.padding(horizontal = 4.dp))
                }
            }
        }
        val scope = rememberCoroutineScope()
        ToLatest(list, lines, Modifier.align(Alignment.BottomEnd).padding(12.dp)) { scope.launch { list.animateScrollToItem(0) } }
    }
}

/** Everything below is new. */
@Composable
private fun NewLine() {
    val colour = MaterialTheme.colorScheme.primary
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) { heading() },
        Arrangement.spacedBy(12.dp),
        Alignment.CenterVertically,
    ) {
        HorizontalDivider(Modifier.weight(1f), color = colour)
        Text(string("thread.new"), color = colour, style = MaterialTheme.typography.labelMedium)
        HorizontalDivider(Modifier.weight(1f), color = colour)
    }
}

/** Leads to the end of the thread while that is not on screen, and counts what is new below. */
@Composable
private fun ToLatest(
    list: LazyListState,
    lines: List<Line>,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val slack = with(LocalDensity.current) { NEAR_END.roundToPx() }
    val isAway by remember(list, slack) { derivedStateOf { list.firstVisibleItemIndex > 0 || list.firstVisibleItemScrollOffset > slack } }
    val below by remember(list, lines) {
        derivedStateOf { lines.take(list.firstVisibleItemIndex).count { it is Line.Said && it.isNew } }
    }
    AnimatedVisibility(isAway, modifier, enter = fadeIn(), exit = fadeOut()) { LatestButton(below, onClick) }
}

/**
 * Keeps the list where a reader expects it, when it is opened and when something is added at its end.
 *
 * @return whether the list is in the place in which it opens.
 */
@Composable
private fun keepInPlace(
    list: LazyListState,
    lines: List<Line>,
): Boolean {
    val newLine = lines.indexOf(Line.New).takeIf { it >= 0 }
    val newest = lines.firstNotNullOfOrNull { it as? Line.Said }?.message
    var isPlaced by remember { mutableStateOf(newLine == null) }
    var before by remember { mutableStateOf<Long?>(null) }
    var hadNewLine by remember { mutableStateOf(false) }
    val slack = with(LocalDensity.current) { NEAR_END.roundToPx() }
    LaunchedEffect(newest?.id, newLine != null) {
        // The list keeps the line that was last in its place, so that what was added is below it.
        val place = lines.indexOfFirst { it is Line.Said && it.message.id == before }
        val wasAtEnd = list.firstVisibleItemIndex <= place.coerceAtLeast(0) && list.firstVisibleItemScrollOffset <= slack
        val isAdded = newest != null && place > 0 && newest.id != before
        when {
            isAdded && newest.mine -> list.animateScrollToItem(0)
            newLine != null && !hadNewLine && wasAtEnd -> list.showAtTop(newLine)
            isAdded && wasAtEnd -> list.animateScrollToItem(0)
        }
        before = newest?.id
        hadNewLine = newLine != null
        isPlaced = true
    }
    return isPlaced
}

/**
 * Goes to the message that the user looks at while a text is looked for.
 *
 * @return a new one each time the list has come to that message, because the text in it then has to come into view; null before the first time.
 */
@Composable
private fun goToFound(
    list: LazyListState,
    lines: List<Line>,
    find: FindState?,
    isPlaced: Boolean,
): Reveal? {
    var reveal by remember { mutableStateOf<Reveal?>(null) }
    val message = find?.current?.message
    val place = lines.indexOfFirst { it is Line.Said && it.message.id == message }
    LaunchedEffect(find?.current, find?.steps, place >= 0, isPlaced) {
        if (!isPlaced || place < 0) return@LaunchedEffect
        list.showAtTop(place)
        reveal = Reveal()
    }
    return reveal
}

/** What was found, by message. Its place is revealed in the one at which the user looks. */
private fun FindState.inMessages(reveal: Reveal?): Map<Long, FoundInMessage> {
    val message = current?.message
    return hits.associate { hit ->
        val isCurrent = hit.message == message
        hit.message to FoundInMessage(hit.text, isCurrent, reveal.takeIf { isCurrent })
    }
}

/** Shows the item at the top, or the end of the list if less follows than fits. In a list that is anchored at its end, that takes its size. */
private suspend fun LazyListState.showAtTop(index: Int) {
    // The list is measured at once when it is scrolled, which it cannot be while what has changed is still being composed.
    withFrameNanos { }
    scrollToItem(index)
    val item = layoutInfo.visibleItemsInfo.firstOrNull { it.index == index } ?: return
    val height = layoutInfo.viewportSize.height - layoutInfo.beforeContentPadding - layoutInfo.afterContentPadding
    scrollToItem(index, item.size - height)
}

/** So near to its end, the list counts as being there. */
private val NEAR_END = 64.dp

package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.DetailPart
import dev.pocketdesk.bindings.DetailSection
import dev.pocketdesk.bindings.HistoryWindow
import dev.pocketdesk.bindings.ReplyAlternative
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.bindings.StepProgress
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.kit.history.HistoryViewModel
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.kit.thread.ThreadViewModel
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.filterIsInstance
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The local id of the visible ticket with this subject, once the history has it. */
internal suspend fun Pocketdesk.ticketOf(subject: String): Long =
    history()
        .await("the ticket “$subject”") { history -> history.tickets.any { it.subject == subject } }
        .tickets
        .first { it.subject == subject }
        .id

/** A user at the history. */
internal class HistoryUser(
    client: Pocketdesk,
    private val patience: Duration = 30.seconds,
) : AutoCloseable {
    private val scope = aScope()
    val model = HistoryViewModel(client, scope, start = HistoryPart(window = HistoryWindow(rowCount = 200u)))

    suspend fun sees(
        what: String,
        condition: (History) -> Boolean,
    ): History =
        model.state
            .filterIsInstance<HistoryState.Shown>()
            .await(what, patience) { condition(it.history) }
            .history

    override fun close() = scope.cancel()
}

internal fun History.has(subject: String) = tickets.any { it.subject == subject }

internal fun History.row(subject: String): TicketRow = tickets.single { it.subject == subject }

internal fun TicketRow.column(id: String): List<String> = columns.firstOrNull { it.id == id }?.texts.orEmpty()

/** A user who has a ticket of the hub on screen, in German. */
internal class OnScreen(
    client: Pocketdesk,
    ticket: Long,
    private val patience: Duration = 30.seconds,
) : AutoCloseable {
    private val scope = aScope()
    val model = ThreadViewModel(client, scope, ticket, "de")

    init {
        model.enter()
    }

    override fun close() {
        model.leave()
        scope.cancel()
    }

    suspend fun sees(
        what: String,
        condition: (ThreadState.Shown) -> Boolean,
    ): ThreadState.Shown = model.state.filterIsInstance<ThreadState.Shown>().await(what, patience, condition)

    suspend fun isOffered(action: String): ActionOffer =
        sees("the action $action") { it.reply.ready && it.offer(action) != null }.run { checkNotNull(offer(action)) }

    suspend fun replies(text: String) {
        sees("the field for a reply") { it.reply.ready && it.ticket.canReply }
        model.reply(text)
        model.send()
        sees("the reply") { it.messages.last().body == text }
    }

    suspend fun closes() {
        model.act(isOffered("close"))
        sees("the question") { it.asking?.id == "close" }
        model.confirmAction()
        sees("that it is being closed") { shown -> shown.ticket.changes.any { it.kind == ChangeKind.SOLVE } }
    }

    /** Presses the toggle, and returns what the screen says then. */
    suspend fun allowsProxyLogin(on: Boolean): ThreadState.Shown {
        model.setToggle(isOffered("proxy_login"), on)
        return sees("the toggle at $on") { it.proxyLogin?.on == on }
    }

    suspend fun givesFeedback(
        answer: String,
        text: String,
    ) {
        model.act(isOffered("feedback"))
        sees("the form for feedback") { it.feedback != null }
        model.feedbackAnswer(answer)
        model.feedbackText(text)
        sees("a form that can be sent") { it.feedback?.run { canSend && this.text == text } == true }
        model.sendFeedback()
        sees("thanks") { it.details.thanks != null && it.feedback == null }
    }
}

internal fun ThreadState.Shown.offer(action: String) = details.actions.firstOrNull { it.id == action }

internal val ThreadState.Shown.proxyLogin get() = offer("proxy_login")?.toggle

/** What the details show as [id]. */
internal fun ThreadState.Shown.value(id: String): ShownValue? =
    details.parts
        .filterIsInstance<DetailPart.Section>()
        .flatMap { it.section.items }
        .filterIsInstance<DetailItem.Value>()
        .firstOrNull { it.id == id }
        ?.value

internal val ThreadState.Shown.escalation: DetailSection?
    get() =
        details.parts
            .filterIsInstance<DetailPart.Section>()
            .map { it.section }
            .firstOrNull { it.id == "escalation" }

/** The step of the escalation that it has reached. */
internal val ThreadState.Shown.step: String?
    get() =
        escalation
            ?.timeline
            ?.steps
            ?.firstOrNull { it.progress == StepProgress.CURRENT }
            ?.label

/** What can be copied where no reply can be written. */
internal val ThreadState.Shown.copies: List<String> get() =
    details.replyAlternatives.filterIsInstance<ReplyAlternative.Copy>().map {
        it.value
    }

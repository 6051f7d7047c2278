package dev.pocketdesk.ui

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ActionPlace
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.DetailPart
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.Obstacle
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.PendingChange
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.ReplyPlace
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.bindings.Turn
import dev.pocketdesk.kit.Strings
import java.util.Locale

// The samples with what core decides about them, as the bindings hand it over. Core's own tests are about those decisions; these screens show them.

internal fun TicketRow.asTold() =
    copy(
        hasStatus = number != null && visible,
        unsentKey = if (needsUser) "history.needs_you" else "delivery.queued".takeIf { waiting > 0u },
        markKey = (if (unread) "history.mark_read" else "history.mark_unread").takeIf { number != null && visible },
    )

internal fun Ticket.asTold(): Ticket {
    val row = row.asTold()
    val turns = mapOf(Turn.HELP_DESK to "turn.support", Turn.YOU to "turn.you", Turn.NOBODY to "turn.nobody")
    val isSettled = row.hasStatus && row.unsentKey == null && answersGoTo == null
    val turn = turns.getValue(row.status.turn).takeIf { isSettled && row.status.id != null }
    val title =
        when {
            delivery == Delivery.MayHaveBeenSent -> "delivery.may_have_been_sent.short"
            answersGoTo != null && delivery == Delivery.Sent -> "anonymous.title"
            else -> delivery.key
        }
    return copy(row = row, turnKey = turn, unsentTitleKey = title.takeIf { row.number == null }, changes = changes.map { it.asTold() })
}

internal fun Message.asTold(anonymous: Boolean): Message {
    val files = attachments.map { it.asTold() }
    return copy(
        attachments = files,
        authorKey = if (mine) "ticket.you" else "ticket.desk".takeIf { author == null },
        deliveryKey = if (anonymous && delivery == Delivery.MayHaveBeenSent) "anonymous.may_have_been_sent" else delivery.key,
        reasonKey = delivery.reasonKey.takeIf { files.all { it.refusedKey == null } },
        retryKey = delivery.retryKey.takeIf { canRetry },
        discardQuestionKey = if (delivery == Delivery.MayHaveBeenSent) "button.discard.maybe.question" else "button.discard.question",
    )
}

private fun PendingChange.asTold() =
    copy(
        labelKey = if (kind == ChangeKind.SOLVE) "change.solve" else "change.add_cc",
        deliveryKey = delivery.key,
        reasonKey = delivery.reasonKey,
        retryKey = delivery.retryKey.takeIf { canRetry },
        discardQuestionKey = "change.discard.question",
    )

private fun Attachment.asTold(): Attachment {
    val (key, bytes) =
        when (val state = state) {
            is FileState.Sending -> "file.sending" to state.bytes
            is FileState.Downloading -> "file.coming" to state.bytes
            is FileState.Failed -> "download.${state.problem.name.lowercase()}" to null
            FileState.Waiting -> "file.waiting" to null
            else -> null to null
        }
    val refusals = mapOf(ReasonKind.ATTACHMENT_TOO_LARGE to "too_large", ReasonKind.ATTACHMENT_TYPE to "type")
    val refusal = refused?.let { "file.refused.${refusals.getValue(it)}" }
    return copy(stateKey = key, percent = bytes?.let { (it * 100u / size).toUInt() }, refusedKey = refusal)
}

private val Delivery.key: String?
    get() =
        when (this) {
            Delivery.Sent -> null
            is Delivery.Held -> "delivery.held"
            Delivery.Queued -> "delivery.queued"
            Delivery.Sending -> "delivery.sending"
            is Delivery.Waiting -> "delivery.waiting"
            Delivery.Checking -> "delivery.checking"
            is Delivery.NeedsUser -> "delivery.needs_you"
            Delivery.MayHaveBeenSent -> "delivery.may_have_been_sent"
            Delivery.NotShown -> "delivery.not_shown"
        }

private val Delivery.reasonKey: String? get() = (this as? Delivery.NeedsUser)?.let { "reason.${it.reason.kind.name.lowercase()}" }

private val Delivery.retryKey: String
    get() = if (this is Delivery.NeedsUser && reason.kind == ReasonKind.RESTORED) "reply.send" else "button.retry"

internal fun SyncStatus.asTold(): SyncStatus {
    val unreachable = problem == AccountProblem.SERVER_UNREACHABLE
    val obstacle = if (!network) Obstacle.NO_NETWORK else Obstacle.HELP_DESK_UNREACHABLE.takeIf { unreachable || !online }
    val obstacleKey = obstacle?.let { if (it == Obstacle.NO_NETWORK) "offline.banner" else "problem.desk_unreachable" }
    val rest = if (obstacle != null) "history.rest" else "history.first_sync".takeIf { firstSync != null && problem == null }
    return copy(
        obstacle = obstacle,
        obstacleKey = obstacleKey,
        accountProblem = problem.takeIf { !unreachable },
        problemKey = problem?.let { if (unreachable) obstacleKey else "problem.${it.name.lowercase()}" },
        restKey = rest.takeIf { !firstSyncDone && busyUntil == null },
        recovered = recovered?.let { it.copy(key = if (it.lost) "recovered.lost" else "recovered.kept") },
        firstSync = firstSync?.let { it.copy(percent = it.of?.let { all -> (it.read * 100u / all).toUInt() }) },
    )
}

private val english by lazy { Strings.of("en-GB", Locale.UK) }

/** What the details of this [ticket] say and offer, in English. */
internal fun TicketDetails.asTold(ticket: Ticket): TicketDetails {
    val (row, status) = ticket.row to ticket.row.status
    val answersGoTo = ticket.answersGoTo
    val explained = answersGoTo == null && row.number != null && row.visible && status.label == null
    val note =
        when {
            answersGoTo != null -> english["anonymous.sent", "email" to answersGoTo].takeIf { ticket.delivery == Delivery.Sent }
            !ticket.canReply -> english[if (row.visible) "ticket.closed" else "reason.no_longer_visible"]
            ticket.reopens -> english["ticket.reopens"]
            else -> null
        }
    val onward = actions.filter { it.kind == OfferKind.NEW_REQUEST && !ticket.canReply }
    val sections = parts.filterIsInstance<DetailPart.Section>().map { it.section }
    val items = sections.flatMap { it.items }.filterIsInstance<DetailItem.Action>().map { it.id }
    val placed = items + sections.flatMap { it.timeline?.steps.orEmpty() }.mapNotNull { it.action }
    return copy(
        showsMessages = DetailPart.Thread in parts || DetailPart.Transcript in parts,
        replyPlace =
            when {
                !ticket.canReply -> ReplyPlace.NOTICE
                DetailPart.Thread in parts -> ReplyPlace.FIELD
                else -> ReplyPlace.NONE
            },
        replyNote = note,
        explanation = "status.${status.id ?: "unknown"}.explanation".takeIf { explained }?.let { english[it] },
        head = actions.filter { it.place == ActionPlace.HEAD && it !in onward },
        menu = actions.filter { it.place == ActionPlace.MENU && it !in onward && it.id !in placed },
        notice = onward,
    )
}

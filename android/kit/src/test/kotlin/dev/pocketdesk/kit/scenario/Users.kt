package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.kit.create.NewTicketViewModel
import dev.pocketdesk.kit.strings.nameIn
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.kit.thread.ThreadViewModel
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

internal fun aScope() = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))

/** A user at the form of a new ticket. */
internal class FormUser(
    client: Pocketdesk,
    prefill: String? = null,
) {
    val model = NewTicketViewModel(client, aScope(), 20.milliseconds, prefill = prefill)

    suspend fun sees(
        what: String,
        condition: (NewTicketState.Editing) -> Boolean = { true },
    ) = model.state.filterIsInstance<NewTicketState.Editing>().await(what, condition = condition)

    suspend fun fills(
        subject: String,
        description: String? = null,
        type: String? = null,
    ) {
        sees("the form")
        model.subject(subject)
        description?.let(model::description)
        type?.let(model::issueType)
    }

    suspend fun creates(): Long {
        sees("a complete form") { it.canCreate }
        model.create()
        return model.state
            .filterIsInstance<NewTicketState.Created>()
            .first()
            .ticket
    }
}

/** A user who reads tickets in German. */
internal class Reader(
    private val client: Pocketdesk,
    private val patience: Duration = 30.seconds,
) {
    val strings = client.strings("de")

    suspend fun awaitSent(ticket: Long): Long {
        val sent = client.thread(ticket).await("everything to be sent", patience) { it.ticket.row.run { number != null && waiting == 0u } }
        return checkNotNull(sent.ticket.row.number).toLong()
    }

    /** Waits until the ticket's status is called [label], and checks what it means. */
    suspend fun awaitStatus(
        ticket: Long,
        label: String,
        kind: StatusKind,
        turnKey: String,
    ): Ticket {
        client.syncNow()
        val thread =
            client.thread(ticket, "de").await("the status $label", patience) {
                it.ticket.row.status
                    .nameIn(strings) == label
            }
        assertEquals(kind to turnKey, thread.ticket.run { row.status.kind to this.turnKey })
        return thread.ticket
    }

    suspend fun offers(ticket: Long): List<OfferKind> =
        client
            .thread(ticket, "de")
            .first()
            .details.actions
            .map { it.kind }

    /** Picks the first action of this kind on the ticket's screen, and waits until what it asks for is shown. Waits in vain if none is offered. */
    suspend fun acts(
        ticket: Long,
        kind: OfferKind,
    ): Acting {
        val model = ThreadViewModel(client, aScope(), ticket, "de")
        val shown =
            Acting.shown(model, "the action $kind", patience) {
                it.reply.ready &&
                    it.details.actions.any { offer -> offer.kind == kind }
            }
        val acting = Acting(model, shown.details.actions.first { it.kind == kind }, patience)
        model.act(acting.offer)
        // A test may next wait until this is gone. Before it is shown, it would seem to be gone.
        when {
            kind == OfferKind.ADD_CC -> acting.sees("the field for addresses") { it.cc != null }
            acting.offer.asksFirst -> acting.sees("the question") { it.asking != null }
        }
        return acting
    }

    /** An action that the user has picked. */
    class Acting(
        val model: ThreadViewModel,
        val offer: ActionOffer,
        private val patience: Duration,
    ) {
        suspend fun sees(
            what: String,
            condition: (ThreadState.Shown) -> Boolean,
        ) = shown(model, what, patience, condition)

        companion object {
            suspend fun shown(
                model: ThreadViewModel,
                what: String,
                patience: Duration,
                condition: (ThreadState.Shown) -> Boolean,
            ) = model.state.filterIsInstance<ThreadState.Shown>().await(what, patience, condition)
        }
    }
}

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withFastConsistency
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeout
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The configuration of Ada, at [sandbox] and in [folder]. */
internal fun configOf(
    sandbox: SandboxServer,
    folder: Path,
    account: String = "ada",
) = ClientConfig(folder.toString(), account, sandbox.url, withFastConsistency(productFrom()), key = null)

internal suspend fun openClient(
    sandbox: SandboxServer,
    folder: Path,
    tokens: TokenSource = TokenSource { "ada-token" },
): Pocketdesk = Pocketdesk.open(configOf(sandbox, folder), tokens = tokens)

/** Waits for a state. If it does not come, the error says what was expected, and what the last state was. */
internal suspend fun <T> Flow<T>.await(
    what: String,
    limit: Duration = 30.seconds,
    condition: (T) -> Boolean,
): T {
    var last: T? = null
    try {
        return withTimeout(limit) {
            first {
                last = it
                condition(it)
            }
        }
    } catch (e: TimeoutCancellationException) {
        throw AssertionError("Waited $limit for $what; the last state was $last", e)
    }
}

internal suspend fun Pocketdesk.awaitStatus(
    what: String,
    condition: (SyncStatus) -> Boolean,
): SyncStatus = status.await(what, condition = condition)

internal suspend fun Pocketdesk.awaitFirstSync() = awaitStatus("the first sync") { it.firstSyncDone && !it.syncing }

/** A draft with all fields filled in by Ada. */
internal suspend fun Pocketdesk.filledDraft(subject: String): TicketDraft =
    ticketDraft().copy(
        subject = subject,
        issueType = "payments_finance",
        cc = listOf("jörg.müller@nordlicht-reisen.example", "accounting@nordlicht-reisen.example"),
        description = "The February payout is missing from the finance report. 🧾\n\nWe expected it on 3 March.",
        access = true,
    )

internal suspend fun Pocketdesk.say(
    ticket: Long,
    body: String,
): Long = reply(replyDraft(ticket).copy(body = body))

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.sandbox.PushRelay
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.time.Duration.Companion.seconds

/** Push messages, from what the company's backend sends to what is on screen. */
class PocketdeskPushTest : SandboxTest() {
    @Test
    fun `the number of a ticket is read and every other message is left alone`() {
        assertEquals(120_337L, PocketdeskPush.ticket(mapOf("pocketdesk_ticket" to "120337")))
        assertEquals(Long.MAX_VALUE, PocketdeskPush.ticket(mapOf("pocketdesk_ticket" to "${Long.MAX_VALUE}", "order" to "Überraschung 🎁")))
        val others =
            listOf(
                emptyMap(),
                mapOf("order" to "4711"),
                mapOf("Pocketdesk_Ticket" to "4711"),
                mapOf("pocketdesk_ticket" to ""),
                mapOf("pocketdesk_ticket" to "-4711"),
                mapOf("pocketdesk_ticket" to "0"),
                mapOf("pocketdesk_ticket" to "4711.0"),
                mapOf("pocketdesk_ticket" to " 4711"),
                mapOf("pocketdesk_ticket" to "٤٧١١"),
                mapOf("pocketdesk_ticket" to "9223372036854775808"),
                mapOf("pocketdesk_ticket" to "{\"id\":4711}"),
                mapOf("pocketdesk_ticket" to "4711\uD83E"),
                mapOf("pocketdesk_ticket" to "7".repeat(1_000_000)),
                (1..10_000).associate { "key $it" to "4711" },
            )
        for (data in others) assertNull(data.toString().take(80), PocketdeskPush.ticket(data))
    }

    @Test
    fun `an agent's answer is in the thread through a push message although the app is not in front`() =
        runBlocking {
            val messages = Channel<Map<String, String>>(Channel.UNLIMITED)
            openClient(sandbox, folder).use { client ->
                client.syncUntil(30.seconds)
                val tickets = client.history().first().tickets
                val row = tickets.first { it.visible && it.status.kind != StatusKind.CLOSED }
                val number = checkNotNull(row.number).toLong()
                val text = "Ihre Auszahlung ist unterwegs. הכסף בדרך 🚚"
                PushRelay.start(sandbox) { messages.trySend(it) }.use {
                    sandbox.answer(number, text)
                    val data = withTimeout(30.seconds) { messages.receive() }
                    assertEquals(mapOf("pocketdesk_ticket" to "$number"), data)
                    client.onPush(checkNotNull(PocketdeskPush.ticket(data)))
                    val thread = client.thread(row.id).await("the answer") { it.messages.lastOrNull()?.body == text }
                    assertTrue(thread.ticket.row.unread)
                }
            }
        }
}

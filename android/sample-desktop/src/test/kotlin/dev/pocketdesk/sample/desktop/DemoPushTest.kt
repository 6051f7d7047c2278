package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.productFrom
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertFalse
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The demo's push messages. */
class DemoPushTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `an agent's answer appears through a push message while the client asks for nothing by itself`() =
        runBlocking {
            SandboxProcess.start("--tickets", "20").use { process ->
                val server = process.server
                val config = ClientConfig(folder.root.toString(), "ada", server.url, productFrom(), key = null)
                Pocketdesk.open(config) { "ada-token" }.use { client ->
                    // It is not in front, so it does not ask at intervals.
                    client.syncUntil(PATIENCE)
                    val tickets = client.history().first().tickets
                    val row = tickets.first { it.visible && it.status.kind != StatusKind.CLOSED }
                    val push = launch(Dispatchers.Default) { server.pushTo(client) }
                    withTimeout(PATIENCE) { while (!server.hasWebhook()) delay(10.milliseconds) }

                    val text = "Die Währung wird nun einmal umgerechnet. ✅"
                    server.answer(checkNotNull(row.number).toLong(), text)
                    withTimeout(PATIENCE) { client.thread(row.id).first { it.messages.lastOrNull()?.body == text } }

                    push.cancelAndJoin()
                    assertFalse("the sandbox sends nothing any more", server.hasWebhook())
                }
            }
        }

    private companion object {
        val PATIENCE = 30.seconds
    }
}

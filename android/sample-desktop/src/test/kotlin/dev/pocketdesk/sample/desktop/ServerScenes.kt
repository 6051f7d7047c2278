package dev.pocketdesk.sample.desktop

import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.ui.graphics.Color
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking

/** What a user is told when the server fails, is busy, or sends what cannot be read. The phone is in front in every scene with a ticket. */
internal class ServerScenes(
    private val screenshots: Screenshots,
    private val side: AgentSide,
    private val open: (ClientOptions, ServerLogin) -> Pocketdesk,
) {
    fun play() {
        val server = side.misbehaviour
        if (server == null) {
            screenshots.leaveOut(CHAPTER, "A thread that could not be refreshed", "the tour does not know how this server misbehaves")
            return
        }
        threadFails(server)
        unreadable(server)
        busy(server)
        // The last one, because its ticket is slow to scroll from then on.
        tooLong(server)
    }

    private fun threadFails(server: Misbehaviour) =
        onTicket(server, ClientOptions("thread-fails"), after = { client, ticket ->
            server.failThread(numberOf(client, ticket))
            side.answer(numberOf(client, ticket), "And the day before?")
            runBlocking {
                client.threadOpened(ticket)
                client.syncNow()
            }
            variants(client, ticket, "A thread that could not be refreshed") { awaitText(strings["ticket.refresh_failed"]) }
        }) { client, ticket ->
            val number = numberOf(client, ticket)
            server.failThread(number)
            side.answer(number, "Hello Ada,\n\nthe sales of the last two days are back. Could you check them, please?")
            runBlocking { client.syncNow() }
            awaitText(strings["ticket.refresh_failed"])
            snap("A thread that could not be refreshed")
            server.heal()
            tap(strings["action.retry"])
            awaitNone(strings["ticket.refresh_failed"])
            readOn("the sales of the last two days")
            snap("Asked for again it has the answer")
        }

    private fun unreadable(server: Misbehaviour) {
        server.spoilNewest(3)
        onTicket(server, ClientOptions("unreadable"), after = { client, ticket ->
            variants(client, ticket, "Messages that could not be read") { readOn(strings.counted("ticket.left_out", 3)) }
        }) { _, _ ->
            readOn(strings.counted("ticket.left_out", 3))
            snap("Messages that could not be read are counted")
        }
    }

    private fun tooLong(server: Misbehaviour) =
        onTicket(server, ClientOptions("too-long")) { client, ticket ->
            side.answer(numberOf(client, ticket), "Here is the whole log:\n" + "10:15:02 GET /pixel 200 ok\n".repeat(12_000))
            runBlocking { client.syncNow() }
            readOn("Here is the whole log")
            readOn(strings["message.shortened"])
            snap("A message that is too long is shown in part")
        }

    private fun busy(server: Misbehaviour) {
        open(ClientOptions("busy"), server.ada).use { client ->
            runBlocking { client.awaitHistory { it.total >= 300L } }
            server.busy(25 * 60)
            runBlocking { client.syncNow() }
            appearances("The help desk is busy").forEach { (caption, appearance) ->
                OffscreenPhone.play(client, appearance, listOf(Screen.Support, Screen.History)) {
                    awaitText(strings["busy.banner"].substringBefore("{"))
                    awaitRest()
                    snap(caption)
                }
            }
        }
        server.heal()
    }

    private fun numberOf(
        client: Pocketdesk,
        ticket: Long,
    ): Long =
        checkNotNull(
            runBlocking { client.thread(ticket).first() }
                .ticket.row.number,
        ).toLong()

    private fun onTicket(
        server: Misbehaviour,
        options: ClientOptions,
        appearance: Appearance = Appearance(),
        after: (Pocketdesk, Long) -> Unit = { _, _ -> },
        scene: OffscreenPhone.(Pocketdesk, Long) -> Unit,
    ) {
        open(options, server.ada).use { client ->
            runBlocking { client.setInFront(true) }
            var shown = 0L
            client.onTicket(appearance) { same, ticket ->
                shown = ticket
                scene(same, ticket)
            }
            after(client, shown)
        }
        server.heal()
    }

    /** Shows the ticket in every other appearance. */
    private fun variants(
        client: Pocketdesk,
        ticket: Long,
        caption: String,
        ready: OffscreenPhone.() -> Unit,
    ): Unit =
        appearances(caption).filterKeys { it != caption }.forEach { (each, appearance) ->
            OffscreenPhone.play(client, appearance, listOf(Screen.History, Screen.Thread(ticket))) {
                ready()
                snap(each)
            }
        }

    private fun appearances(caption: String): Map<String, Appearance> =
        mapOf(
            caption to Appearance(),
            "$caption dark" to Appearance(dark = true, language = "de-DE"),
            "$caption Spanish" to Appearance(language = "es-ES"),
            "$caption smallest" to Appearance(width = 320, height = 568, fontScale = 2f, language = "de-DE"),
            "$caption tablet" to Appearance(width = 900, height = 700),
            "$caption foreign" to Appearance(foreign = FOREIGN_LIGHT),
            "$caption foreign dark" to Appearance(foreign = FOREIGN_DARK),
        )

    private fun OffscreenPhone.snap(caption: String) = takeScreenshot(screenshots.next(CHAPTER, caption))

    private companion object {
        const val CHAPTER = "What the server may do"

        /** Themes as other apps have them. */
        val FOREIGN_LIGHT = lightColorScheme(primary = Color(0xFF9C3F00), background = Color(0xFFFFF8F4), surface = Color(0xFFFFF8F4))
        val FOREIGN_DARK = darkColorScheme()
    }
}

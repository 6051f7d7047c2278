package dev.pocketdesk.sample.desktop

import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.attach
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.nio.file.Files
import kotlin.io.path.createTempDirectory
import kotlin.time.Duration.Companion.seconds

/** Everything that can happen to a reply between Send and the server, caused by faults of the network. */
internal class OutboxScenes(
    private val screenshots: Screenshots,
    private val side: AgentSide,
    private val open: (ClientOptions) -> Pocketdesk,
) {
    fun play() {
        undo()
        editAndDiscard()
        onTheWay()
        refused()
        files()
        copied()
    }

    private fun undo() =
        // Compose's tests let a countdown run out before each step, and draw every frame of it. On a slow machine that takes longer than the
        // delay itself. The clock of this phone is ahead, so that nothing is left to count.
        onTicket(ClientOptions("undo", delaySeconds = 30u), Appearance(clockAhead = 30.seconds)) { client, _ ->
            runBlocking { client.setInFront(true) }
            val text = "Please stop the campaign on Friday."
            send(text)
            await("the delay", hasName(strings["delivery.held"]))
            snap("For some seconds a reply can be undone")
            tap(strings["button.undo"])
            await("the draft", hasSetTextAction() and hasText(text))
            snap("Undone it is a draft again")
        }

    private fun editAndDiscard() =
        onTicket(ClientOptions("edit", delaySeconds = 30u), Appearance(language = "de-DE")) { client, _ ->
            side.goOffline()
            runBlocking {
                client.setInFront(true)
                client.setOnline(false)
            }
            send("Die Zalungen für März fehlen noch.")
            awaitText(strings["delivery.queued"])
            tap(strings["button.edit"])
            retype(strings["edit.reply"], "Die Zahlungen für März fehlen noch.")
            snap("What waits can be edited")
            tap(strings["button.save"])
            readOn("Die Zahlungen")
            tap(strings["button.discard"])
            awaitText(strings["button.discard.question"])
            snap("Or taken back after a question")
            side.heal()
        }

    private fun onTheWay() =
        onTicket(ClientOptions("way")) { client, ticket ->
            side.hold(Call.REPLY)
            send("It happens in Safari only.")
            awaitText(strings["delivery.sending"])
            snap("On its way")
            side.heal()
            runBlocking { client.awaitSent(ticket) }
            side.cutNextReply()
            // Reads wait as well. Otherwise the message would be found before the screenshot.
            side.hold(Call.READ)
            send("And on iPhones.")
            awaitText(strings["delivery.checking"])
            snap("The connection broke and it is being looked for")
            side.heal()
            awaitNone(strings["delivery.checking"])
            readOn("And on iPhones.")
            snap("It had arrived and is there once")
        }

    private fun refused() =
        onTicket(ClientOptions("refused"), Appearance(language = "de-DE", width = 320, height = 568)) { client, ticket ->
            side.goOffline()
            runBlocking { client.setOnline(false) }
            send("Geht es hier noch weiter?")
            val number = runBlocking { client.thread(ticket).first() }.ticket.row.number
            side.heal()
            side.close(checkNotNull(number).toLong())
            runBlocking {
                client.setOnline(true)
                withTimeout(30.seconds) { client.thread(ticket).first { it.messages.last().delivery is Delivery.NeedsUser } }
            }
            readOn("Geht es hier")
            awaitText(strings["reason.ticket_closed"])
            snap("What cannot be sent says why")
            runBlocking {
                val stuck =
                    client
                        .thread(ticket)
                        .first()
                        .messages
                        .last()
                client.discard(stuck.id)
            }
            back()
            open(Screen.Thread(ticket))
            awaitText(strings["reply.kept"])
            snap("And is still there when it was discarded")
        }

    private fun files() =
        onTicket(ClientOptions("files", files = true)) { client, ticket ->
            side.goOffline()
            runBlocking { client.setOnline(false) }
            val picture = Files.write(createTempDirectory("pocketdesk").resolve("export.csv"), "date;sales\n".repeat(9_000).toByteArray())
            runBlocking {
                val draft = client.replyDraft(ticket).copy(body = "This is what the export appearances like.")
                client.saveReplyDraft(draft)
                client.attach(draft.id, picture, "Auswertung März 2026.csv")
                client.reply(draft)
            }
            readOn("This is what")
            awaitText(strings["file.waiting"])
            snap("A file waits with its message")
            side.heal()
            val scene = "And is uploaded first"
            val none = side.noUploads
            if (none == null) {
                side.hold(Call.UPLOAD)
                runBlocking { client.setOnline(true) }
                awaitText(strings["file.sending", "percent" to ""].substringBefore("%").trim())
                snap(scene)
                side.heal()
            } else {
                screenshots.leaveOut("Outbox", scene, none)
                runBlocking { client.setOnline(true) }
            }
            runBlocking { client.awaitSent(ticket) }
        }

    private fun copied() {
        onTicket(ClientOptions("copy", installation = "the old phone")) { client, _ ->
            side.goOffline()
            runBlocking { client.setOnline(false) }
            send("Written on the old phone.")
            readOn("Written on")
        }
        side.heal()
        onTicket(ClientOptions("copy", installation = "the new phone"), Appearance(dark = true)) { _, _ ->
            readOn("Written on")
            awaitText(strings["reason.restored"])
            snap("A copy on another phone asks first")
        }
    }

    private fun onTicket(
        options: ClientOptions,
        appearance: Appearance = Appearance(),
        scene: OffscreenPhone.(Pocketdesk, Long) -> Unit,
    ) {
        open(options).use { it.onTicket(appearance, scene = scene) }
        side.heal()
    }

    private fun OffscreenPhone.snap(caption: String) = takeScreenshot(screenshots.next("Outbox", caption))
}

/** Opens the ticket in which something waits, or else the first open one that is [wanted]. */
internal fun Pocketdesk.onTicket(
    appearance: Appearance = Appearance(),
    wanted: (Ticket) -> Boolean = { it.createdByMe && it.canReply },
    scene: OffscreenPhone.(Pocketdesk, Long) -> Unit,
) {
    val ticket =
        runBlocking {
            val tickets = awaitFirstSync().tickets
            (tickets.firstOrNull { it.waiting > 0u } ?: tickets.first { it.isOpen && wanted(thread(it.id).first().ticket) }).id
        }
    OffscreenPhone.play(this, appearance, listOf(Screen.History, Screen.Thread(ticket))) {
        awaitThread()
        awaitNone(strings["ticket.not_fetched"])
        scene(this@onTicket, ticket)
    }
}

private val TicketRow.isOpen get() = status.kind == StatusKind.WORKING || status.kind == StatusKind.AWAITING_USER

/** Waits until nothing of the ticket is unsent. */
private suspend fun Pocketdesk.awaitSent(ticket: Long) = withTimeout(30.seconds) { thread(ticket).first { it.ticket.row.waiting == 0u } }

internal fun OffscreenPhone.send(text: String) {
    type(strings["reply.write"], text)
    tap(strings["reply.send"])
    readOn(text)
}

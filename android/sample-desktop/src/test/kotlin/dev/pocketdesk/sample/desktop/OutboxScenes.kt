package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Status
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.nio.file.Files
import kotlin.io.path.createTempDirectory
import kotlin.time.Duration.Companion.seconds

/** Everything that can become of a reply between Send and the desk, made by the network before the desk. */
internal class Outbox(
    private val album: Album,
    private val side: DeskSide,
    private val open: (DeskOptions) -> Pocketdesk,
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
        onTicket(DeskOptions("undo", delaySeconds = 30u)) { desk, _ ->
            runBlocking { desk.setInFront(true) }
            send("Please stop the campaign on Friday.")
            await("the countdown", hasName(words["delivery.held"]))
            snap("For some seconds a reply can be undone")
            tap(words["action.undo"])
            awaitNone(words["action.undo"])
            snap("Undone it is a draft again")
        }

    private fun editAndDiscard() =
        onTicket(DeskOptions("edit"), Look(language = "de-DE")) { desk, _ ->
            side.goOffline()
            runBlocking { desk.setOnline(false) }
            send("Die Zalungen für März fehlen noch.")
            awaitText(words["delivery.queued"])
            tap(words["action.edit"])
            retype(words["edit.reply"], "Die Zahlungen für März fehlen noch.")
            snap("What waits can be edited")
            tap(words["action.save"])
            readOn("Die Zahlungen")
            tap(words["action.discard"])
            awaitText(words["action.discard.question"])
            snap("Or taken back after a question")
            side.heal()
        }

    private fun onTheWay() =
        onTicket(DeskOptions("way")) { _, _ ->
            side.hold(Call.REPLY)
            send("It happens in Safari only.")
            awaitText(words["delivery.sending"])
            snap("On its way")
            awaitNone(words["delivery.sending"])
            side.heal()
            side.cutNextReply()
            // Reads take their time, or the answer is there before anybody can look.
            side.hold(Call.READ)
            send("And on iPhones.")
            awaitText(words["delivery.checking"])
            snap("The connection broke and it is being looked for")
            awaitNone(words["delivery.checking"])
            side.heal()
            readOn("And on iPhones.")
            snap("It had arrived and is there once")
        }

    private fun refused() =
        onTicket(DeskOptions("refused"), Look(language = "de-DE", width = 320, height = 568)) { desk, ticket ->
            side.goOffline()
            runBlocking { desk.setOnline(false) }
            send("Geht es hier noch weiter?")
            val number = runBlocking { desk.thread(ticket).first() }.ticket.row.number
            side.heal()
            side.close(checkNotNull(number).toLong())
            runBlocking {
                desk.setOnline(true)
                withTimeout(30.seconds) { desk.thread(ticket).first { it.messages.last().delivery is Delivery.NeedsYou } }
            }
            readOn("Geht es hier")
            awaitText(words["reason.ticket_closed"])
            snap("What cannot be sent says why")
            runBlocking {
                val stuck =
                    desk
                        .thread(ticket)
                        .first()
                        .messages
                        .last()
                desk.discard(stuck.id)
            }
            back()
            open(Screen.Thread(ticket))
            awaitText(words["reply.kept"])
            snap("And is still there when it was discarded")
        }

    private fun files() =
        onTicket(DeskOptions("files", files = true)) { desk, ticket ->
            side.goOffline()
            runBlocking { desk.setOnline(false) }
            val picture = Files.write(createTempDirectory("pocketdesk").resolve("export.csv"), "date;sales\n".repeat(9_000).toByteArray())
            runBlocking {
                val draft = desk.replyDraft(ticket).copy(body = "This is what the export looks like.")
                desk.saveReplyDraft(draft)
                desk.attach(draft.id, picture, "Auswertung März 2026.csv")
                desk.reply(draft)
            }
            readOn("This is what")
            awaitText(words["file.waiting"])
            snap("A file waits with its message")
            side.heal()
            val scene = "And is uploaded first"
            val none = side.noUploads
            if (none == null) {
                side.hold(Call.UPLOAD)
                runBlocking { desk.setOnline(true) }
                awaitText(words["file.sending", "percent" to ""].substringBefore(" %").trim())
                snap(scene)
                side.heal()
            } else {
                album.leaveOut("Outbox", scene, none)
                runBlocking { desk.setOnline(true) }
            }
            runBlocking { withTimeout(30.seconds) { desk.thread(ticket).first { it.ticket.row.waiting == 0u } } }
        }

    private fun copied() {
        onTicket(DeskOptions("copy", installation = "the old phone")) { desk, _ ->
            side.goOffline()
            runBlocking { desk.setOnline(false) }
            send("Written on the old phone.")
            readOn("Written on")
        }
        side.heal()
        onTicket(DeskOptions("copy", installation = "the new phone"), Look(dark = true)) { _, _ ->
            readOn("Written on")
            awaitText(words["reason.restored"])
            snap("A copy on another phone asks first")
        }
    }

    private fun onTicket(
        options: DeskOptions,
        look: Look = Look(),
        scene: Stage.(Pocketdesk, Long) -> Unit,
    ) {
        open(options).use { it.onTicket(look, scene) }
        side.heal()
    }

    private fun Stage.snap(caption: String) = shoot(album.page("Outbox", caption))
}

/** Shows the ticket in which something waits, or one of this desk's open ones. */
internal fun Pocketdesk.onTicket(
    look: Look = Look(),
    scene: Stage.(Pocketdesk, Long) -> Unit,
) {
    val ticket =
        runBlocking {
            awaitHistory { it.total > 0 && !it.hasMore || it.tickets.size >= Pocketdesk.PAGE }
            val tickets = history().first().tickets
            val waiting = tickets.firstOrNull { it.waiting > 0u }
            waiting?.id ?: tickets.first { it.status == Status.PENDING || it.status == Status.AWAITING_REPLY }.id
        }
    Stage.play(this, look, listOf(Screen.History, Screen.Thread(ticket))) {
        awaitText(words["ticket.created"])
        awaitNone(words["ticket.not_fetched"])
        scene(this@onTicket, ticket)
    }
}

internal fun Stage.send(text: String) {
    type(words["reply.write"], text)
    tap(words["reply.send"])
    readOn(text)
}

package dev.pocketdesk.sample.desktop

import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.attach
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.nio.file.Files
import kotlin.io.path.createTempDirectory
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What a user is told when the server fails, is busy, refuses, hides or cannot be reached. The phone is in front in every scene. */
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
        notShown(server)
        refused(server)
        fileRefused(server)
        cannotBeReached(server)
        offlineInFront(server)
        keptAfterSigningOut(server)
        addedElsewhere(server)
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
            tap(strings["button.retry"])
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
            runBlocking { client.awaitFirstSync() }
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

    private fun notShown(server: Misbehaviour) {
        val text = "My password is sunflower-4711, please sign in and look yourself."
        onTicket(server, ClientOptions("not-shown"), after = { client, ticket ->
            variants(client, ticket, "The help desk has it and does not show it") { readOn(strings["delivery.not_shown"]) }
            OffscreenPhone.play(client, screens = listOf(Screen.History, Screen.Thread(ticket))) {
                readOn(strings["delivery.not_shown"])
                tap(strings["button.remove"])
                awaitText(strings["button.remove.question"])
                snap("Removing asks first")
                tap(strings["button.cancel"])
                tap(strings["button.use_text"])
                await("the draft", hasSetTextAction() and hasText(text))
                snap("Its text becomes a new reply")
            }
        }) { client, ticket ->
            server.hideMessages(text)
            send(text)
            runBlocking {
                withTimeout(90.seconds) {
                    while (client
                            .thread(ticket)
                            .first()
                            .messages
                            .last()
                            .delivery != Delivery.NotShown
                    ) {
                        client.syncNow()
                        delay(500.milliseconds)
                    }
                }
            }
            readOn("My password is")
            awaitText(strings["delivery.not_shown"])
            snap("The help desk has it and does not show it")
        }
    }

    private fun refused(server: Misbehaviour) {
        server.refuseReplies("Comment: is too long (maximum is 65,536 characters)")
        onTicket(server, ClientOptions("refused-words"), Appearance(language = "es-ES"), after = { client, ticket ->
            variants(client, ticket, "What is refused has the words of the help desk") { readOn("Comment: is too long") }
        }) { client, ticket ->
            send("¿Pueden comprobar el pago de marzo, por favor?")
            runBlocking {
                withTimeout(30.seconds) { client.thread(ticket).first { it.messages.last().delivery is Delivery.NeedsUser } }
            }
            readOn("Comment: is too long")
            snap("What is refused has the words of the help desk")
        }
    }

    private fun fileRefused(server: Misbehaviour) {
        server.refuseFiles()
        onTicket(server, ClientOptions("file-refused", files = true), after = { client, ticket ->
            variants(client, ticket, "A file that is refused says so itself") { readOn(strings["file.refused.too_large"]) }
        }) { client, ticket ->
            val folder = createTempDirectory("pocketdesk")
            val files = listOf("Auswertung März 2026.csv" to 9_000, "Kurze Übersicht.csv" to 40)
            runBlocking {
                val draft = client.replyDraft(ticket).copy(body = "This is what the export looks like.")
                client.saveReplyDraft(draft)
                files.forEach { (name, lines) ->
                    client.attach(draft.id, Files.write(folder.resolve(name), "date;sales\n".repeat(lines).toByteArray()), name)
                }
                client.reply(draft)
            }
            readOn(strings["file.refused.too_large"])
            readOn(strings["button.retry"])
            snap("A file that is refused says so itself")
        }
    }

    private fun cannotBeReached(server: Misbehaviour) =
        // Once it was tried, nobody knows whether it arrived, and it cannot be edited. So it is not tried while the pictures are taken.
        onTicket(server, ClientOptions("unreachable", delaySeconds = 30u), after = { client, ticket ->
            variants(client, ticket, "The help desk cannot be reached") { awaitText(strings["problem.desk_unreachable"]) }
        }) { client, _ ->
            side.goOffline()
            runBlocking { client.syncNow() }
            awaitText(strings["problem.desk_unreachable"])
            send("Could you also look at the Spanish shop?")
            awaitText(strings["button.edit"])
            readOn("Could you also")
            readOn(strings["button.edit"])
            snap("The help desk cannot be reached and what was written can be edited")
            open(Screen.NewTicket())
            awaitText(strings["new.issue_type.hint"])
            snap("A new ticket while the help desk cannot be reached")
        }

    private fun offlineInFront(server: Misbehaviour) =
        onTicket(server, ClientOptions("in-front", delaySeconds = 30u), after = { client, ticket ->
            variants(client, ticket, "Offline in front") { readOn(strings["button.edit"]) }
            val others = appearances("Offline").filterValues { it.foreign != null || it.fontScale > 1f || it.width > WIDE }
            others.forEach { (caption, appearance) ->
                listOf(Screen.Support, Screen.NewTicket(), Screen.History).forEach { screen ->
                    OffscreenPhone.play(client, appearance, listOf(Screen.Account, screen)) {
                        awaitText(strings["offline.banner"])
                        snap("$caption ${screen.path}")
                    }
                }
            }
        }) { client, _ ->
            runBlocking { client.setOnline(false) }
            awaitText(strings["offline.banner"])
            send("Do the sales of the last two days come back by themselves?")
            readOn(strings["button.edit"])
            awaitNone(strings["button.undo"])
            snap("Offline in front a message waits and can be edited")
            toggleDetails()
            snap("And the ticket says the same")
        }

    private fun keptAfterSigningOut(server: Misbehaviour) {
        onTicket(server, ClientOptions("kept")) { client, _ ->
            runBlocking { client.setOnline(false) }
            send("Not sent before the holidays.")
            runBlocking { client.signOut(SignOut.KEEP) }
        }
        // Nothing of the rest may arrive before the client knows that it has no network.
        side.goOffline()
        open(ClientOptions("kept"), server.ada).use { client ->
            runBlocking {
                client.setInFront(true)
                client.setOnline(false)
            }
            OffscreenPhone.play(client, screens = listOf(Screen.Support, Screen.History)) {
                awaitText(strings["history.rest"])
                snap("After signing out and keeping the subject is there and the rest is to come")
            }
        }
        side.heal()
    }

    /** A ticket with people in copy who were added elsewhere, and which the help desk does not let this user solve. */
    private fun addedElsewhere(server: Misbehaviour) =
        open(ClientOptions("elsewhere", changes = true), server.ada).use { client ->
            val found =
                runBlocking {
                    val rows = client.awaitFirstSync().tickets
                    rows.firstOrNull { row ->
                        val ticket = client.thread(row.id).first().ticket
                        ticket.canReply && !ticket.canSolve && ticket.cc.any { "@" !in it }
                    }
                }
            OffscreenPhone.play(client, screens = listOf(Screen.History, Screen.Thread(checkNotNull(found).id))) {
                awaitThread()
                awaitNone(strings["ticket.not_fetched"])
                toggleDetails()
                awaitText(strings["action.add_cc"])
                awaitNone(strings["action.solve"])
                snap("Who was copied elsewhere has a name and what the help desk does not allow is not offered")
            }
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
            "$caption foreign" to Appearance(foreign = HostThemes.terracotta),
            "$caption foreign dark" to Appearance(foreign = HostThemes.terracottaDark),
        )

    private fun OffscreenPhone.snap(caption: String) = takeScreenshot(screenshots.next(CHAPTER, caption))

    private companion object {
        const val CHAPTER = "What the server may do"
        const val WIDE = 600
    }
}

package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking

/** A long thread: where it opens, how one gets to its end, and what stays in view while one writes. */
internal class ReadingScenes(
    private val screenshots: Screenshots,
    private val side: AgentSide,
    private val open: (ClientOptions) -> Pocketdesk,
) {
    fun play() {
        open(ClientOptions("reading")).use { client ->
            val ticket = answered(client)
            OffscreenPhone.play(client, screens = listOf(Screen.Support, Screen.History)) {
                awaitText(ANSWERS.last().substringBefore('\n'))
                awaitRest()
                snap("The history says how the last message begins")
                open(Screen.Thread(ticket))
                awaitText(strings["thread.new"])
                awaitText(ANSWERS.first())
                snap("It opens at the first new message")
                await("the way to the end", hasName(strings["thread.latest"]))
                tap(strings["thread.latest"])
                awaitText(ANSWERS.last())
                snap("A button leads to the latest message")
                type(strings["reply.write"], "Thank you.\n\nHere is what we see on each of the three domains:\n1.\n2.\n3.\n4.\n5.\n6.")
                awaitText(ANSWERS.last())
                snap("What is answered stays in view")
                readOn(ANSWERS.first())
                tap(strings["reply.send"])
                awaitText("Thank you.")
                snap("One's own message is shown wherever one was reading")
            }
            pushed(client, ticket)
            side.answerRichly?.let { answer ->
                rich(client, ticket, answer)
                formatted(client, ticket)
            }
        }
    }

    /** The thread is on screen, and the client would not ask for anything for ten minutes. */
    private fun pushed(
        client: Pocketdesk,
        ticket: Long,
    ) {
        val messages = side.pushTo(client) ?: return
        client.setPushEnabled(true)
        messages.use {
            OffscreenPhone.play(client, screens = listOf(Screen.Support, Screen.History, Screen.Thread(ticket))) {
                awaitText("Thank you.")
                side.answer(runBlocking { client.numberOf(ticket) }, PUSHED)
                awaitText(PUSHED)
                snap("An answer appears at once, through a push message")
            }
        }
        client.setPushEnabled(false)
    }

    /** An answer with everything that an agent's editor has. */
    private fun rich(
        client: Pocketdesk,
        ticket: Long,
        answer: (Long) -> Unit,
    ) {
        runBlocking {
            answer(client.numberOf(ticket))
            client.syncNow()
        }
        val looks =
            mapOf(
                "" to Appearance(),
                " in the dark" to Appearance(dark = true),
                " on a small phone with large text" to Appearance(language = "de-DE", width = 320, height = 640, fontScale = 2f),
            )
        looks.forEach { (name, look) ->
            OffscreenPhone.play(client, look, listOf(Screen.Support, Screen.History, Screen.Thread(ticket))) {
                awaitText("So geht es weiter")
                snap("An answer has its structure$name")
                if (name.isEmpty()) {
                    tap(strings["picture.show"])
                    await("the picture", hasName("Einstellungen März.png"))
                    snap("A picture in the text is shown when it is asked for")
                }
                readOn(strings["message.history.show"])
                snap("The mail that is answered is folded$name")
                tap(strings["message.history.show"])
                awaitText(RichAnswer.QUOTED)
                snap("And unfolds$name")
            }
        }
    }

    /** A reply with formats, while it is written and in the thread. */
    private fun formatted(
        client: Pocketdesk,
        ticket: Long,
    ) {
        val looks =
            mapOf(
                "" to Appearance(),
                " in the dark" to Appearance(language = "de-DE", dark = true),
                " on a small phone with large text" to Appearance(language = "es-ES", width = 320, height = 640, fontScale = 2f),
            )
        looks.forEach { (name, look) ->
            OffscreenPhone.play(client, look, listOf(Screen.Support, Screen.History, Screen.Thread(ticket))) {
                val field = strings["reply.write"]
                retype(field, "Guten Tag Marta,\nes fehlen ")
                tap(strings["format.bold"])
                type(field, "zwei Zahlungen")
                tap(strings["format.bold"])
                type(field, ":\n")
                tap(strings["format.bullets"])
                listOf("März 2026 🧾", "\n", "April 2026, siehe ").forEach { type(field, it) }
                snap("A reply with a bold word and a list$name")
                tap(strings["format.link"])
                type(strings["format.link.address"], "javascript:alert(1)")
                tap(strings["format.link.set"])
                awaitText(strings["format.link.wrong"])
                snap("An address that no link can lead to$name")
                retype(strings["format.link.address"], "nordlicht-reisen.example/konto")
                tap(strings["format.link.set"])
                awaitNone(strings["format.link.wrong"])
                tap(strings["reply.send"])
                readOn("April 2026, siehe")
                snap("The reply in the thread$name")
            }
        }
    }

    /** Answers a ticket several times while nobody looks, and returns it. */
    private fun answered(client: Pocketdesk): Long =
        runBlocking {
            val row = client.awaitFirstSync().tickets.first { it.isOpen }
            ANSWERS.forEach { side.answer(checkNotNull(row.number).toLong(), it) }
            client.syncNow()
            client.awaitHistory { history ->
                history.tickets.any { it.id == row.id && it.snippet?.text?.startsWith("And one more") == true }
            }
            row.id
        }

    private fun OffscreenPhone.snap(caption: String) = takeScreenshot(screenshots.next("Reading", caption))

    /** Whether the agent can answer it. */
    private val TicketRow.isOpen: Boolean get() = hasStatus && status.kind in setOf(StatusKind.WORKING, StatusKind.AWAITING_USER)

    private suspend fun Pocketdesk.numberOf(ticket: Long): Long =
        checkNotNull(
            history()
                .first()
                .tickets
                .first { it.id == ticket }
                .number,
        ).toLong()

    private companion object {
        const val PUSHED = "We see it now: the third domain has no pixel. Bitte noch einmal prüfen 🔎"
        val ANSWERS =
            listOf(
                "Hello Ada, we have looked at the logs of the last two days.",
                "The pixel answers on the first domain.\n\nOn the second one it is blocked by the consent banner: please load it after " +
                    "the visitor has agreed.",
                "Grüße aus Zürich 🙏",
                "Here is how it looks on our side:\n1. order 4711 arrives\n2. order 4712 is missing\n3. order 4713 arrives twice",
                "Could you send us the address of the page on which order 4712 was placed?",
                "And one more thing: which browser was it?\nSafari blocks third-party cookies.",
            )
    }
}

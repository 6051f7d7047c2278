package dev.pocketdesk.kit.thread

import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.say
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import kotlinx.coroutines.flow.filterIsInstance
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.time.Duration.Companion.milliseconds

/** Finding a text in a thread, with the real core and without a network. */
class FindTest : ViewModelTest() {
    private suspend fun ThreadViewModel.awaitFind(
        what: String,
        condition: (FindState) -> Boolean = { true },
    ): FindState {
        val shown =
            state.filterIsInstance<ThreadState.Shown>().await(what) { shown ->
                shown.find?.let { it.isReady && condition(it) } == true
            }
        return checkNotNull(shown.find)
    }

    /** A ticket with these messages below its description, which no server has. Returns the ids of the messages, too. */
    private suspend fun Pocketdesk.written(vararg messages: String): Pair<Long, List<Long>> {
        awaitFirstSync()
        setOnline(false)
        val ticket = submit(filledDraft("Gutschein für Zürich"))
        return ticket to messages.map { say(ticket, it) }
    }

    private val FindState.ids get() = hits.map { it.message }

    @Test
    fun `the messages that have a text are found and next leads from the last to the first`() =
        withClient { client ->
            val (ticket, ids) = client.written("Die Währung stimmt nicht. 💱", "Danke!", "WAHRUNG: Franken", "In Zürich?")
            val model = ThreadViewModel(client, scope, ticket)
            model.find("")
            assertNull("nothing is looked for", model.awaitFind("the field").index)
            model.find("wahrung")
            val found = model.awaitFind("two messages") { it.text == "wahrung" && it.hits.size == 2 }
            assertEquals(listOf(ids[0], ids[2]), found.ids)
            assertEquals(0, found.index)
            assertEquals(
                listOf("Währung"),
                found.hits
                    .first()
                    .text
                    .filter { it.hit }
                    .map { it.text },
            )
            model.findNext()
            assertEquals(ids[2], model.awaitFind("the next") { it.index == 1 }.current?.message)
            model.findNext()
            model.awaitFind("the first again") { it.index == 0 && it.steps == 2 }
            model.findPrevious()
            model.awaitFind("the last again") { it.index == 1 }
            model.closeFind()
            model.state.filterIsInstance<ThreadState.Shown>().await("the thread alone") { it.find == null }
            listOf("find.field", "find.hits", "find.none", "find.next", "find.previous").forEach { assertLocalised(it) }
        }

    @Test
    fun `it begins at the message that a search has found and stays there while more is typed`() =
        withClient { client ->
            val (ticket, ids) = client.written("合同 eins", "合同 zwei", "合同 drei")
            val model = ThreadViewModel(client, scope, ticket, find = FindRequest("合同", ids[1]))
            assertEquals(1, model.awaitFind("the second one") { it.hits.size == 3 }.index)
            model.find("合同 z")
            assertEquals(ids[1], model.awaitFind("still there") { it.text == "合同 z" }.current?.message)
        }

    @Test
    fun `a text that the thread does not have is nowhere until a message has it`() =
        withClient { client ->
            val (ticket, _) = client.written("Grüße 🙏")
            val model = ThreadViewModel(client, scope, ticket, find = FindRequest("Kilometergeld"))
            val none = model.awaitFind("nothing") { it.isNowhere }
            assertNull(none.current)
            model.findNext()
            val message = client.say(ticket, "Und das Kilometergeld?")
            assertEquals(listOf(message), model.awaitFind("the new message") { it.hits.isNotEmpty() }.ids)
        }

    @Test
    fun `what was typed in the reply is there after a text was looked for`() =
        withClient { client ->
            val (ticket, _) = client.written("Danke!")
            val model = ThreadViewModel(client, scope, ticket, pause = 60_000.milliseconds)
            model.state.filterIsInstance<ThreadState.Shown>().await("the reply") { it.reply.ready }
            model.reply("Noch nicht fertig, übrigens")
            model.find("danke")
            val shown = model.state.filterIsInstance<ThreadState.Shown>().await("the kept reply") { it.reply.text.isNotEmpty() }
            assertEquals("Noch nicht fertig, übrigens", shown.reply.text)
            assertTrue(shown.reply.ready)
            assertEquals("Noch nicht fertig, übrigens", client.replyDraft(ticket).body)
        }
}

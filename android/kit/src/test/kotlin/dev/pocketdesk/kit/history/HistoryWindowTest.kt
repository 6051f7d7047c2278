package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitStatus
import dev.pocketdesk.kit.configOf
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.say
import dev.pocketdesk.sandbox.SandboxProcess
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.runBlocking
import org.junit.AfterClass
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.BeforeClass
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import kotlin.time.Duration.Companion.minutes

/** Which rows a screen holds while a long history is scrolled, with the real core. */
class HistoryWindowTest {
    @get:Rule
    val temporary = TemporaryFolder()

    /** Runs [test] with a client that knows every ticket and has no network. */
    private fun offline(test: suspend (Pocketdesk, CoroutineScope) -> Unit) =
        runBlocking {
            val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))
            Pocketdesk.open(configOf(process.server, temporary.newFolder("ada").toPath())) { "ada-token" }.use { client ->
                client.history().await("every ticket", 2.minutes) { it.total >= TICKETS }
                client.setOnline(false)
                client.awaitStatus("the sync to end") { !it.syncing }
                test(client, scope)
                scope.cancel()
            }
        }

    private val HistoryViewModel.shown get() = state.filterIsInstance<HistoryState.Shown>().map { it.history }

    private val History.ids get() = tickets.map { it.id }

    /** The part one page further down. */
    private suspend fun HistoryViewModel.goDown(from: History): History {
        showMore()
        return shown.await("the page below") { it.part == from.down }
    }

    /** The part one page further up. One that has come to the top is one at the top. */
    private suspend fun HistoryViewModel.goUp(from: History): History {
        showPrevious()
        return shown.await("the page above") { it.part == from.up || it.part != from.part && !it.hasPrevious }
    }

    private suspend fun HistoryViewModel.first() = shown.await("the first page") { it.tickets.size == Pocketdesk.PAGE && it.hasMore }

    @Test
    fun `scrolled to its end and back the history shows every ticket and never holds more than six hundred`() =
        offline { client, scope ->
            val model = HistoryViewModel(client, scope)
            val first = model.first()
            var held = first
            val down = held.ids.toMutableSet()
            while (held.hasMore) {
                val before = held
                held = model.goDown(before)
                assertTrue("${held.tickets.size} rows", held.tickets.size <= MOST)
                assertTrue("a page and no more is dropped", held.ids.containsAll(before.ids.drop(Pocketdesk.PAGE)))
                down += held.ids
            }
            assertEquals(held.total, down.size.toLong())
            assertTrue("${held.total} tickets", held.total >= TICKETS && held.hasPrevious)
            val up = held.ids.toMutableSet()
            while (held.hasPrevious) {
                val before = held
                held = model.goUp(before)
                assertTrue("${held.tickets.size} rows", held.tickets.size <= MOST)
                assertTrue("a page and no more is dropped", held.ids.containsAll(before.ids.dropLast(Pocketdesk.PAGE)))
                up += held.ids
            }
            assertEquals(down, up)
            assertEquals(first.ids, held.ids.take(Pocketdesk.PAGE))
            assertFalse("the top is the top also for what comes later", held.part.window.at != null)
        }

    @Test
    fun `what happens while somebody reads far below moves nothing and stands at the top on the way back`() =
        offline { client, scope ->
            val model = HistoryViewModel(client, scope)
            var held = model.first()
            repeat(14) { held = model.goDown(held) }
            val before = held
            val new = client.submit(client.filledDraft("Während des Lesens geschrieben 🧾"))
            held = model.shown.await("the new ticket in the total") { it.total == before.total + 1 }
            assertEquals(before.ids, held.ids)
            assertEquals(before.part, held.part)
            while (held.hasPrevious) held = model.goUp(held)
            assertEquals(new, held.ids.first())
            val second = client.submit(client.filledDraft("Noch eines"))
            held = model.shown.await("what is written at the top") { it.ids.first() == second }
            assertEquals(MOST, held.tickets.size)
        }

    @Test
    fun `a ticket that rises leaves its place among the rows that are read`() =
        offline { client, scope ->
            val model = HistoryViewModel(client, scope)
            var held = model.first()
            repeat(14) { held = model.goDown(held) }
            val before = held
            val answered = before.tickets.filter { it.status.kind == StatusKind.OPEN }.elementAt(10)
            client.say(answered.id, "Gibt es schon etwas Neues?")
            held = model.shown.await("the ticket to have left") { answered.id !in it.ids }
            assertEquals(before.ids - answered.id, held.ids.take(MOST - 1))
            assertEquals("one more at the end", MOST, held.tickets.size)
        }

    @Test
    fun `after the end of the process the same rows are there again`() =
        offline { client, scope ->
            val model = HistoryViewModel(client, scope)
            var held = model.first()
            repeat(13) { held = model.goDown(held) }
            val after = HistoryViewModel(client, scope, start = model.part.value)
            assertEquals(held, after.shown.await("the same rows") { true })
        }

    @Test
    fun `a page that was asked for twice comes once`() =
        offline { client, scope ->
            val model = HistoryViewModel(client, scope)
            val first = model.first()
            model.showMore()
            model.showMore()
            model.showPrevious()
            val second = model.shown.await("the second page") { it.part == first.down }
            assertEquals(2 * Pocketdesk.PAGE, second.tickets.size)
            assertEquals(first.down, model.part.value)
        }

    companion object {
        private const val TICKETS = 1_300L
        private const val MOST = 600
        private lateinit var process: SandboxProcess

        @JvmStatic
        @BeforeClass
        fun start() {
            process = SandboxProcess.start("--tickets", TICKETS.toString())
        }

        @JvmStatic
        @AfterClass
        fun stop() {
            process.close()
        }
    }
}

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.DeskConfig
import dev.pocketdesk.bindings.TokenException
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assume.assumeNotNull
import org.junit.Test
import kotlin.time.Duration
import kotlin.time.DurationUnit
import kotlin.time.measureTime

/** What a page costs on its way to a screen. Run by scripts/bench.sh, which makes the files; prints figures and asserts none. */
class PageBench {
    @Test
    fun `a page of the history through the bindings and as a flow`() {
        val folder = System.getProperty("pocketdesk.bench")
        assumeNotNull(folder)
        listOf(1_000, 100_000).forEach { tickets -> runBlocking { measure(folder, tickets) } }
    }

    private suspend fun measure(
        folder: String,
        tickets: Int,
    ) {
        val config = DeskConfig(folder, "bench-$tickets", "http://127.0.0.1:9", profile = null, key = null)
        Pocketdesk.open(config) { throw TokenException.Unavailable() }.use { desk ->
            assertEquals(
                Pocketdesk.PAGE,
                desk
                    .history()
                    .first()
                    .tickets.size,
            )
            val flow = median { desk.history().first() }
            println(
                "page of ${Pocketdesk.PAGE} through the Kotlin kit, subscription included, $tickets tickets: ${flow.toString(
                    DurationUnit.MILLISECONDS,
                    2,
                )}",
            )
        }
    }

    private suspend fun median(work: suspend () -> Any): Duration {
        repeat(WARM_UP) { work() }
        return List(ROUNDS) { measureTime { work() } }.sorted()[ROUNDS / 2]
    }

    private companion object {
        const val WARM_UP = 200
        const val ROUNDS = 101
    }
}

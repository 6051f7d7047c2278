package dev.pocketdesk.bench

import android.app.Application
import android.database.sqlite.SQLiteDatabase
import androidx.test.ext.junit.runners.AndroidJUnit4
import app.cash.sqldelight.db.QueryResult
import app.cash.sqldelight.driver.jdbc.sqlite.JdbcSqliteDriver
import dev.pocketdesk.bindings.Client
import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.TokenException
import dev.pocketdesk.bindings.TokenProvider
import dev.pocketdesk.bindings.TokenRequest
import dev.pocketdesk.kit.Pocketdesk
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assume.assumeNotNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import java.nio.file.Files
import java.nio.file.Path
import java.sql.DriverManager
import java.util.Locale
import kotlin.io.path.writeText
import kotlin.time.DurationUnit
import kotlin.time.measureTime

/**
 * Measures the first page of 50 on its way to a screen, beside the same rows with the same columns from the reference's file, each read into
 * objects: by sqlite-jdbc, by SQLDelight's driver, and by Android's own SQLiteDatabase under Robolectric. All take turns. Run by
 * scripts/bench.sh, which creates the files. Asserts no figure.
 */
@RunWith(AndroidJUnit4::class)
@Config(application = Application::class)
class PageBench {
    private val figures = mutableListOf<String>()

    @Test
    fun `a page of the history through the bindings, as a flow, and by other libraries`() {
        val folder = System.getProperty("pocketdesk.bench")
        assumeNotNull(folder)
        System.getProperty("pocketdesk.bench.sizes").split(",").forEach { measure(Path.of(folder), it.toInt()) }
        val parts = Path.of(folder, "figures")
        Files.createDirectories(parts)
        parts.resolve("kotlin.json").writeText(figures.joinToString(",\n", "[", "]\n"))
    }

    private fun measure(
        folder: Path,
        tickets: Int,
    ) {
        val config = ClientConfig(folder.toString(), "tickets-$tickets", "http://127.0.0.1:9/", product = PRODUCT, key = null)
        val file = folder.resolve("reference-$tickets.sqlite3").toString()
        DriverManager.getConnection("jdbc:sqlite:$file").use { connection ->
            connection.prepareStatement(QUERY).use { jdbc ->
                JdbcSqliteDriver("jdbc:sqlite:$file").use { sqlDelight ->
                    SQLiteDatabase.openDatabase(file, null, SQLiteDatabase.OPEN_READWRITE).use { android ->
                        Client.open(config, SignedOut).use { client ->
                            val times =
                                inTurn(
                                    { client.history(null, PAGE.toUInt()).tickets.map { it.number?.toLong() } },
                                    { rows(jdbc.executeQuery()) },
                                    { rows(sqlDelight) },
                                    { rows(android) },
                                )
                            listOf("sqlite-jdbc", "SQLDelight's driver", "Android's SQLiteDatabase").forEachIndexed { at, name ->
                                report("first page through Kotlin, beside $name", tickets, times[0], times[at + 1], 1.0)
                            }
                            client.shutDown()
                        }
                    }
                }
            }
        }
        runBlocking {
            Pocketdesk.open(config) { throw TokenException.SignedOut() }.use { client ->
                val flow = {
                    runBlocking {
                        client
                            .history()
                            .first()
                            .tickets
                            .map { it.number?.toLong() }
                    }
                }
                report("first page as the kit's flow, subscribing anew each time", tickets, inTurn(flow).single(), null, null)
            }
        }
    }

    /** The median of each in milliseconds. All of them have the same tickets. */
    private fun inTurn(vararg pages: () -> List<Long?>): List<Double> {
        val tickets = pages.first()()
        assertEquals(PAGE, tickets.size)
        repeat(WARM_UP) { pages.forEach { page -> assertEquals(tickets, page()) } }
        val rounds =
            List(ROUNDS) { round ->
                pages.indices
                    .map { at ->
                        (at + round) % pages.size
                    }.associateWith { measureTime { pages[it]() } }
            }
        return pages.indices.map { at -> rounds.map { it.getValue(at) }.sorted()[ROUNDS / 2].toDouble(DurationUnit.MILLISECONDS) }
    }

    private fun report(
        name: String,
        size: Int,
        ours: Double,
        reference: Double?,
        reach: Double?,
    ) {
        val ratio = reference?.let { ours / it }
        val number = { value: Double? -> value?.let { String.format(Locale.ROOT, "%.4f", it) } }
        println("$name, $size tickets: ${number(ours)} ms; reference ${number(reference)}; ratio ${number(ratio)}")
        figures +=
            """{"name": "$name", "size": $size, "unit": "ms", "ours": ${number(ours)}, "reference": ${number(reference)}, """ +
            """"ratio": ${number(ratio)}, "reach": $reach, "holds": ${ratio == null || reach == null || ratio <= reach}}"""
    }

    /** What a screen shows of a ticket. */
    private data class Row(
        val id: Long,
        val number: Long,
        val subject: String,
        val status: String,
        val escalated: Boolean,
        val unread: Boolean,
        val type: String,
        val createdAt: Long,
        val lastActivity: Long,
        val hasAttachments: Boolean,
        val body: String?,
        val mine: Boolean,
        val requester: String?,
    )

    private fun rows(result: java.sql.ResultSet): List<Long> =
        result
            .use {
                buildList {
                    while (it.next()) {
                        add(
                            Row(
                                it.getLong(1),
                                it.getLong(2),
                                it.getString(3),
                                it.getString(4),
                                it.getBoolean(5),
                                it.getBoolean(6),
                                it.getString(7),
                                it.getLong(8),
                                it.getLong(9),
                                it.getBoolean(10),
                                it.getString(11),
                                it.getBoolean(12),
                                it.getString(13),
                            ),
                        )
                    }
                }
            }.map { it.number }

    /** As the code that SQLDelight generates calls its driver. */
    private fun rows(driver: JdbcSqliteDriver): List<Long> =
        driver
            .executeQuery(
                1,
                QUERY,
                { cursor ->
                    val rows = mutableListOf<Row>()
                    while (cursor.next().value) {
                        rows +=
                            Row(
                                cursor.getLong(0)!!,
                                cursor.getLong(1)!!,
                                cursor.getString(2)!!,
                                cursor.getString(3)!!,
                                cursor.getBoolean(4)!!,
                                cursor.getBoolean(5)!!,
                                cursor.getString(6)!!,
                                cursor.getLong(7)!!,
                                cursor.getLong(8)!!,
                                cursor.getBoolean(9)!!,
                                cursor.getString(10),
                                cursor.getBoolean(11) == true,
                                cursor.getString(12),
                            )
                    }
                    QueryResult.Value(rows)
                },
                0,
            ).value
            .map { it.number }

    private fun rows(database: SQLiteDatabase): List<Long> =
        database
            .rawQuery(QUERY, null)
            .use {
                buildList {
                    while (it.moveToNext()) {
                        add(
                            Row(
                                it.getLong(0),
                                it.getLong(1),
                                it.getString(2),
                                it.getString(3),
                                it.getLong(4) != 0L,
                                it.getLong(5) != 0L,
                                it.getString(6),
                                it.getLong(7),
                                it.getLong(8),
                                it.getLong(9) != 0L,
                                it.getString(10),
                                it.getLong(11) != 0L,
                                it.getString(12),
                            ),
                        )
                    }
                }
            }.map { it.number }

    private object SignedOut : TokenProvider {
        override fun token(request: TokenRequest): String = throw TokenException.SignedOut()
    }

    private companion object {
        const val PAGE = 50
        const val WARM_UP = 1_000
        const val ROUNDS = 501
        const val PRODUCT = """
            { "schema": 1, "id": "tested", "version": 1, "extends": "hub@1", "history": { "scopes": [{ "id": "mine", "is": ["any"] }] } }"""

        /** The reference's first page, as in tests/bench/src/history/reference.rs. */
        const val QUERY = """
            SELECT t.id, t.number, t.subject, t.status, t.escalated, t.unread, t.type, t.created_at, t.last_activity, t.has_attachments,
                   substr(c.body, 1, 2000), c.author = 9001, p.name
            FROM tickets t INDEXED BY best_last_activitynumber LEFT JOIN people p ON p.id = t.requester
                 LEFT JOIN comments c ON c.id = (SELECT id FROM comments WHERE ticket = t.id ORDER BY created_at DESC LIMIT 1)
            ORDER BY last_activity DESC, number DESC LIMIT 50"""
    }
}

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Client
import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.TokenException
import dev.pocketdesk.bindings.TokenProvider
import dev.pocketdesk.bindings.TokenRequest
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assume.assumeNotNull
import org.junit.Test
import java.nio.file.Path
import java.security.MessageDigest
import java.sql.DriverManager
import java.sql.PreparedStatement
import kotlin.time.Duration
import kotlin.time.DurationUnit
import kotlin.time.measureTime

/**
 * Measures a page on its way to a screen, and the same query on the same file without the core. Run by scripts/bench.sh, which creates the files.
 * Asserts no figure.
 */
class PageBench {
    @Test
    fun `a page of the history through the bindings, as a flow, and by JDBC`() {
        val folder = System.getProperty("pocketdesk.bench")
        assumeNotNull(folder)
        listOf(1_000, 100_000).forEach { tickets -> measure(Path.of(folder), tickets) }
    }

    private fun measure(
        folder: Path,
        tickets: Int,
    ) {
        val account = "bench-$tickets"
        val config = ClientConfig(folder.toString(), account, "http://127.0.0.1:9", product = null, key = null)
        Client.open(config, SignedOut).use { client ->
            report("through Kotlin", tickets) { client.history(null, Pocketdesk.PAGE.toUInt()).tickets.size }
            client.shutDown()
        }
        runBlocking {
            Pocketdesk.open(config) { throw TokenException.SignedOut() }.use { client ->
                report("as the kit's flow, subscribing anew each time", tickets) {
                    client
                        .history()
                        .first()
                        .tickets.size
                }
            }
        }
        DriverManager.getConnection("jdbc:sqlite:${fileOf(folder, account)}").use { connection ->
            connection.prepareStatement(QUERY).use { query ->
                report("by sqlite-jdbc, the same query and no more", tickets) { rows(query) }
            }
        }
    }

    private inline fun report(
        what: String,
        tickets: Int,
        page: () -> Int,
    ) {
        repeat(WARM_UP) { assertEquals(Pocketdesk.PAGE, page()) }
        val rounds = List(ROUNDS) { measureTime { page() } }
        val median: Duration = rounds.sorted()[ROUNDS / 2]
        println("page of ${Pocketdesk.PAGE} $what, $tickets tickets: ${median.toString(DurationUnit.MILLISECONDS, 3)} (median of $ROUNDS)")
    }

    /** Reads every column of every row, as a screen would. */
    private fun rows(query: PreparedStatement): Int =
        query.executeQuery().use { result ->
            var rows = 0
            while (result.next()) {
                (1..result.metaData.columnCount).forEach { result.getObject(it) }
                rows++
            }
            rows
        }

    /** The account's folder is named after the first half of the SHA-256 of its id. */
    private fun fileOf(
        folder: Path,
        account: String,
    ): Path {
        val digest = MessageDigest.getInstance("SHA-256").digest(account.toByteArray())
        val name = digest.take(16).joinToString("") { "%02x".format(it) }
        return folder.resolve("accounts").resolve(name).resolve("desk.sqlite3")
    }

    private object SignedOut : TokenProvider {
        override fun token(request: TokenRequest): String = throw TokenException.SignedOut()
    }

    private companion object {
        const val WARM_UP = 200
        const val ROUNDS = 101

        /** The history's first page, as the core queries it. */
        const val QUERY = """
            SELECT t.id, t.number, t.subject, t.server_status, t.user_spoke_last, t.created_at, t.last_activity, t.unread,
                   t.has_attachments, t.visible, t.unsent,
                   (SELECT count(*) FROM outbox o WHERE o.ticket = t.id AND o.state <> 'sent'),
                   EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('needs_user', 'may_have_been_sent'))
            FROM tickets t
            WHERE (t.unsent, t.last_activity, t.sort_number) < (9223372036854775807, 9223372036854775807, 9223372036854775807)
            ORDER BY t.unsent DESC, t.last_activity DESC, t.sort_number DESC LIMIT 50"""
    }
}

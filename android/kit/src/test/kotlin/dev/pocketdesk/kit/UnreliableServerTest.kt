package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AccountProblem
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.net.ServerSocket

/** Servers that are unreachable, or are not the help desk: the user is told what is wrong, and nothing foreign is taken for data. */
class UnreliableServerTest : SandboxTest() {
    private suspend fun Pocketdesk.assertProblem(problem: AccountProblem) {
        val status = awaitStatus("$problem") { it.problem == problem }
        assertLocalised(checkNotNull(status.problemKey))
    }

    @Test
    fun `an unreachable server is told and writing goes on`() =
        runBlocking {
            val port = ServerSocket(0).use { it.localPort }
            val config = configOf(sandbox, folder).copy(serverUrl = "http://127.0.0.1:$port")
            Pocketdesk.open(config) { "ada-token" }.use { client ->
                client.assertProblem(AccountProblem.SERVER_UNREACHABLE)
                val ticket = client.submit(client.filledDraft("Written without a server"))
                assertEquals(
                    ticket,
                    client
                        .history()
                        .first()
                        .tickets
                        .single()
                        .id,
                )
            }
        }

    @Test
    fun `a page of a hotel's network is no data`() =
        runBlocking {
            sandbox.fault("html")
            openClient(sandbox, folder).use { client ->
                client.awaitStatus("a problem") {
                    it.problem == AccountProblem.SERVER_MISBEHAVES ||
                        it.problem == AccountProblem.SERVER_UNREACHABLE
                }
                assertTrue(
                    client
                        .history()
                        .first()
                        .tickets
                        .isEmpty(),
                )
                sandbox.heal()
                client.syncNow()
                client.awaitFirstSync()
                assertEquals(30L, client.history().first().total)
            }
        }

    @Test
    fun `a token of another user sends nothing and shows nothing new`() =
        runBlocking {
            openClient(sandbox, folder).use { it.awaitFirstSync() }
            openClient(sandbox, folder, tokens = { "ben-token" }).use { client ->
                client.assertProblem(AccountProblem.WRONG_USER)
                val subject = "Must not be sent as Ben"
                client.submit(client.filledDraft(subject))
                client.syncNow()
                client.awaitStatus("the sync to end") { !it.syncing }
                assertTrue(sandbox.tickets(subject).isEmpty())
                assertEquals(31L, client.history().first().total)
            }
        }

    @Test
    fun `a refused token asks for a fresh one once`() =
        runBlocking {
            val asked = mutableListOf<Boolean>()
            val tokens =
                TokenSource { refused ->
                    synchronized(asked) { asked += refused }
                    if (refused) "ada-token" else "expired-token"
                }
            openClient(sandbox, folder, tokens).use { client ->
                client.awaitFirstSync()
                assertEquals(listOf(false, true), synchronized(asked) { asked.take(2) })
            }
        }
}

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AccountProblem
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.net.ServerSocket

/** Desks that are away, or somebody else: the user is told what is wrong, and nothing that was not the desk's is taken for data. */
class UnreliableDeskTest : SandboxTest() {
    private suspend fun Pocketdesk.assertProblem(problem: AccountProblem) {
        awaitStatus("$problem") { it.problem == problem }
        assertHasWords(problem.wordKey)
    }

    @Test
    fun `an unreachable desk is told and writing goes on`() =
        runBlocking {
            val port = ServerSocket(0).use { it.localPort }
            val config = configOf(sandbox, folder).copy(deskUrl = "http://127.0.0.1:$port")
            Pocketdesk.open(config) { "ada-token" }.use { desk ->
                desk.assertProblem(AccountProblem.DESK_UNREACHABLE)
                val ticket = desk.submit(desk.filledDraft("Written without a desk"))
                assertEquals(
                    ticket,
                    desk
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
            openDesk(sandbox, folder).use { desk ->
                desk.awaitStatus("a problem") {
                    it.problem == AccountProblem.DESK_MISBEHAVES ||
                        it.problem == AccountProblem.DESK_UNREACHABLE
                }
                assertTrue(
                    desk
                        .history()
                        .first()
                        .tickets
                        .isEmpty(),
                )
                sandbox.heal()
                desk.syncNow()
                desk.awaitFirstSync()
                assertEquals(30L, desk.history().first().total)
            }
        }

    @Test
    fun `a token of somebody else sends nothing and shows nothing new`() =
        runBlocking {
            openDesk(sandbox, folder).use { it.awaitFirstSync() }
            openDesk(sandbox, folder, tokens = { "ben-token" }).use { desk ->
                desk.assertProblem(AccountProblem.SOMEBODY_ELSE)
                val subject = "Must not be sent as Ben"
                desk.submit(desk.filledDraft(subject))
                desk.syncNow()
                desk.awaitStatus("the sync to end") { !it.syncing }
                assertTrue(sandbox.tickets(subject).isEmpty())
                assertEquals(31L, desk.history().first().total)
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
            openDesk(sandbox, folder, tokens).use { desk ->
                desk.awaitFirstSync()
                assertEquals(listOf(false, true), synchronized(asked) { asked.take(2) })
            }
        }
}

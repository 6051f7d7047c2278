package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AccountProblem
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.util.concurrent.atomic.AtomicBoolean

/** A token of an agent, which a company's backend handed out by mistake. */
class AgentTokenTest : SandboxTest() {
    @Test
    fun `a token of the help desk's staff is refused and what was written goes out with the right one`() =
        runBlocking {
            val isStaff = AtomicBoolean(true)
            openClient(sandbox, folder, tokens = { if (isStaff.get()) "agent-token" else "ada-token" }).use { client ->
                val refused = client.awaitStatus("the reason") { it.problem == AccountProblem.AGENT_TOKEN }
                assertLocalised(checkNotNull(refused.problemKey))
                val subject = "Geschrieben, als die App den falschen Schlüssel hatte 🔑"
                val ticket = client.submit(client.filledDraft(subject))
                client.syncNow()
                client.awaitStatus("the sync to end") { !it.syncing }
                assertTrue(sandbox.tickets(subject).isEmpty())
                assertEquals("what is the agent's is not shown", 1L, client.history().first().total)

                isStaff.set(false)
                client.syncNow()
                client.thread(ticket).await("the number") { it.ticket.row.number != null }
                client.awaitStatus("the end of the problem") { it.problem == null }
                assertEquals(1, sandbox.tickets(subject).size)
            }
        }
}

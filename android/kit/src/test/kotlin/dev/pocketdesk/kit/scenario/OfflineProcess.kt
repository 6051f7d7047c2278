package dev.pocketdesk.kit.scenario

import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.awaitStatus
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.openClient
import dev.pocketdesk.kit.say
import dev.pocketdesk.sandbox.SandboxServer
import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** What [ScenarioTest] writes and expects. */
internal object Scenario {
    const val SUBJECT = "Auszahlung für Februar fehlt im Finanzbericht 😟"
    val REPLIES = listOf("One more thing: the CSV export is empty as well.", "¿Puede verlo también Clara, por favor?")
}

/**
 * The part of the scenario without a network, in a process of its own. The process ends as on a phone: at once, with nothing closed. It prints the
 * ticket's local id.
 */
internal object OfflineProcess {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val sandbox = SandboxServer(arguments[0])
        val ticket =
            runBlocking {
                val client = openClient(sandbox, Path.of(arguments[1]))
                client.awaitFirstSync()
                client.history().await("the history") { it.total == 300L }
                sandbox.goOffline()
                client.setOnline(false)
                client.awaitStatus("being offline") { !it.online }
                val ticket = client.submit(client.filledDraft(Scenario.SUBJECT))
                Scenario.REPLIES.forEach { client.say(ticket, it) }
                ticket
            }
        endWith(ticket)
    }

    /** Runs it, and returns the ticket's local id. */
    fun run(
        sandbox: SandboxServer,
        folder: Path,
    ): Long = runProcess(OfflineProcess::class.java, sandbox.url, folder.toString())
}

/** Runs a [program] that writes a ticket without a network, and returns the ticket's local id, which it prints before its process ends. */
internal fun runProcess(
    program: Class<*>,
    vararg arguments: String,
): Long {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
    val classes = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
    val library = "-Djna.library.path=${System.getProperty("jna.library.path")}"
    val process =
        ProcessBuilder(java, library, "-cp", classes, program.name, *arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    val output = process.inputStream.bufferedReader().readText()
    check(process.waitFor() == 0) { "the process without a network failed: $output" }
    return output
        .lines()
        .first { it.startsWith("ticket ") }
        .removePrefix("ticket ")
        .toLong()
}

/** Says which ticket was written, and ends the process as on a phone: at once, with nothing closed. */
internal fun endWith(ticket: Long) {
    println("ticket $ticket")
    System.out.flush()
    Runtime.getRuntime().halt(0)
}

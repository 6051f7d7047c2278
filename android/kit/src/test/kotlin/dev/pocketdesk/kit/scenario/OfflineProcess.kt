package dev.pocketdesk.kit

import dev.pocketdesk.sandbox.SandboxDesk
import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** What [ScenarioTest] says and expects. */
internal object Scenario {
    const val SUBJECT = "Auszahlung für Februar fehlt im Finanzbericht 😟"
    val REPLIES = listOf("One more thing: the CSV export is empty as well.", "¿Puede verlo también Clara, por favor?")
}

/**
 * The part of the scenario without a network, in a process of its own, which ends as a phone ends one: at once, with nothing closed.
 * Prints the ticket's local id.
 */
internal object OfflinePart {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val sandbox = SandboxDesk(arguments[0])
        val ticket =
            runBlocking {
                val desk = openDesk(sandbox, Path.of(arguments[1]))
                desk.awaitFirstSync()
                desk.history().await("the history") { it.total == 300L }
                sandbox.goOffline()
                desk.setOnline(false)
                desk.awaitStatus("being offline") { !it.online }
                val ticket = desk.submit(desk.filledDraft(Scenario.SUBJECT))
                Scenario.REPLIES.forEach { desk.say(ticket, it) }
                ticket
            }
        println("ticket $ticket")
        System.out.flush()
        Runtime.getRuntime().halt(0)
    }

    /** Plays it, and returns the ticket's local id. */
    fun play(
        sandbox: SandboxDesk,
        folder: Path,
    ): Long {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val classes = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
        val library = "-Djna.library.path=${System.getProperty("jna.library.path")}"
        val process =
            ProcessBuilder(java, library, "-cp", classes, OfflinePart::class.java.name, sandbox.url, folder.toString())
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
}

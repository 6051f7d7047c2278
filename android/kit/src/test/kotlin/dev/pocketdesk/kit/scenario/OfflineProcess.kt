package dev.pocketdesk.kit.scenario

import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.awaitStatus
import dev.pocketdesk.sandbox.SandboxServer
import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** The part of a story without a network, in a process of its own. */
internal object OfflineProcess {
    @JvmStatic
    fun main(arguments: Array<String>) = endWith { write(SandboxServer(arguments[0]), Path.of(arguments[1]), Story.valueOf(arguments[2])) }

    private fun write(
        sandbox: SandboxServer,
        folder: Path,
        story: Story,
    ) = runBlocking {
        val client = story.open(sandbox, folder)
        client.awaitFirstSync()
        sandbox.goOffline()
        client.setOnline(false)
        client.awaitStatus("being offline") { !it.online }
        story.write(client)
    }

    /** Runs it, and returns the ticket's local id. */
    fun run(
        story: Story,
        sandbox: SandboxServer,
        folder: Path,
    ): Long = runProcess(OfflineProcess::class.java, sandbox.url, folder.toString(), story.name)
}

/** Runs a [program] that writes a ticket, and returns the ticket's local id, which it prints before its process ends. */
internal fun runProcess(
    program: Class<*>,
    vararg arguments: String,
): Long {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
    val classes = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
    val known = listOf("jna.library.path", "pocketdesk.repository").map { "-D$it=${System.getProperty(it)}" }
    val process =
        ProcessBuilder(listOf(java) + known + listOf("-cp", classes, program.name) + arguments)
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

/** Writes a ticket, says its local id, and ends the process as on a phone: at once, with nothing closed. */
internal fun endWith(write: () -> Long) {
    var code = 1
    try {
        println("ticket ${write()}")
        System.out.flush()
        code = 0
    } catch (e: AssertionError) {
        e.printStackTrace()
    } finally {
        Runtime.getRuntime().halt(code)
    }
}

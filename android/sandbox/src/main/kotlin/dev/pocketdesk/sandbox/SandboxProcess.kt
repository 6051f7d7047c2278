package dev.pocketdesk.sandbox

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/**
 * A sandbox server on a free port of this machine. It ends when it is closed or when this process ends.
 *
 * @property server controls it.
 */
public class SandboxProcess private constructor(
    private val process: Process,
    public val server: SandboxServer,
) : AutoCloseable {
    private val hook = Thread { process.destroyForcibly() }.also(Runtime.getRuntime()::addShutdownHook)

    override fun close() {
        process.destroy()
        if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly().waitFor()
        Runtime.getRuntime().removeShutdownHook(hook)
    }

    public companion object {
        private const val READY = "listening on "
        private const val GRACE_SECONDS = 5L

        /**
         * Starts the program and returns when it listens.
         *
         * @param arguments its flags: `--tickets 20`.
         */
        public fun start(vararg arguments: String): SandboxProcess {
            val process =
                ProcessBuilder(program().toString(), *arguments)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
            val line = process.inputStream.bufferedReader().readLine()
            check(line != null && line.startsWith(READY)) { "the sandbox did not start" }
            return SandboxProcess(process, SandboxServer(line.removePrefix(READY)))
        }

        /** Named by the environment variable POCKETDESK_SANDBOX or, without it, by the system property `pocketdesk.sandbox`, which Maven sets. */
        private fun program(): Path {
            val named = System.getenv("POCKETDESK_SANDBOX") ?: System.getProperty("pocketdesk.sandbox")
            checkNotNull(named) { "Name the sandbox's program in POCKETDESK_SANDBOX" }
            return Path.of(named).toAbsolutePath().normalize().also {
                check(Files.isExecutable(it)) { "There is no sandbox at $it. Build it: cargo build -p pocketdesk-sandbox" }
            }
        }
    }
}

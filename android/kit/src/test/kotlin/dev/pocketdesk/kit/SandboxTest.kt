package dev.pocketdesk.kit

import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.SandboxServer
import org.junit.After
import org.junit.AfterClass
import org.junit.BeforeClass
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import java.nio.file.Path

/** Tests with a small sandbox server, one for the class. Every test has a fresh folder. Faults end with the test. */
abstract class SandboxTest {
    @get:Rule
    val temporary = TemporaryFolder()

    protected val sandbox: SandboxServer get() = process.server

    protected val folder: Path by lazy { temporary.newFolder("ada").toPath() }

    @After
    fun heal() {
        sandbox.heal()
    }

    companion object {
        private lateinit var process: SandboxProcess

        @JvmStatic
        @BeforeClass
        fun start() {
            process = SandboxProcess.start("--tickets", "30")
        }

        @JvmStatic
        @AfterClass
        fun stop() {
            process.close()
        }
    }
}

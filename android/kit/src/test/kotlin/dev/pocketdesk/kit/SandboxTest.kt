package dev.pocketdesk.kit

import dev.pocketdesk.sandbox.SandboxDesk
import dev.pocketdesk.sandbox.SandboxProcess
import org.junit.After
import org.junit.AfterClass
import org.junit.BeforeClass
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import java.nio.file.Path

/** Tests against a small sandbox desk, one for the class; every test has a fresh folder and ends with a healed desk. */
abstract class SandboxTest {
    @get:Rule
    val temporary = TemporaryFolder()

    protected val sandbox: SandboxDesk get() = process.desk

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

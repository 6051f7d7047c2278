package dev.pocketdesk.sample.desktop

import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.nio.file.Files
import java.nio.file.Path

/** The tour plays the scenario as a user sees it. Each step waits for what has to be on the screen, and fails without it. */
class TourTest {
    @get:Rule
    val data = TemporaryFolder()

    @Test
    fun `the scenario plays on the real screens from the first tap to the answer`() {
        val folder = Path.of(System.getenv("POCKETDESK_TOUR") ?: System.getProperty("pocketdesk.tour"))
        AgentSide.start().use { Tour(Screenshots(folder), data.root.toPath(), it).play() }
        assertTrue(Files.readString(folder.resolve("index.html")).contains("read-to-its-end"))
    }
}

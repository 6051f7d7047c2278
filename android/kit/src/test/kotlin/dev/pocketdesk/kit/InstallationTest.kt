package dev.pocketdesk.kit

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.nio.file.Files

/** An installation keeps its id, and no other installation has the same. */
class InstallationTest {
    @get:Rule
    val temporary = TemporaryFolder()

    private val folder by lazy { temporary.root.toPath() }

    @Test
    fun `an installation keeps its id`() {
        val id = Installation.keptIn(folder)
        assertEquals(id, Installation.keptIn(folder))
    }

    @Test
    fun `another installation has another id`() {
        assertNotEquals(Installation.keptIn(folder.resolve("phone")), Installation.keptIn(folder.resolve("tablet")))
    }

    @Test
    fun `a file that was emptied counts as none`() {
        Installation.keptIn(folder)
        Files.list(folder).use { files -> files.forEach { Files.write(it, ByteArray(0)) } }
        val id = Installation.keptIn(folder)
        assertEquals(36, id.length)
        assertEquals(id, Installation.keptIn(folder))
    }
}

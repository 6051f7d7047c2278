package dev.pocketdesk.kit

import dev.pocketdesk.bindings.DeskConfig
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.OpenException
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.RandomAccessFile
import java.nio.file.Files
import java.nio.file.Path

/** What a desk does with a folder, a file or a configuration that it cannot use: it says which, and leaves it alone. */
class OpeningTest : SandboxTest() {
    private inline fun <reified E : OpenException> assertRefused(config: DeskConfig): E =
        runBlocking { assertThrows<E> { Pocketdesk.open(config) { "ada-token" } } }.also { assertHasWords(it.wordKey) }

    private fun file(): Path =
        Files.walk(folder).use { files -> files.filter { Files.isRegularFile(it) && isDatabase(it) }.toList() }.single()

    private fun isDatabase(file: Path) = Files.newInputStream(file).use { String(it.readNBytes(15)) == "SQLite format 3" }

    private fun makeFile(): Path {
        runBlocking { openDesk(sandbox, folder).close() }
        return file()
    }

    @Test
    fun `a file that is not a database is left as it is`() {
        val elsewhere = temporary.newFolder("elsewhere").toPath()
        val file = elsewhere.resolve(folder.relativize(makeFile()))
        val text = "Notes of a user that happen to have this name.\n".repeat(200).toByteArray()
        Files.createDirectories(file.parent)
        Files.write(file, text)
        assertRefused<OpenException.NotADatabase>(configOf(sandbox, elsewhere))
        assertArrayEquals(text, Files.readAllBytes(file))
    }

    @Test
    fun `what was written and not sent survives a damaged file`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.setOnline(false)
                desk.submit(desk.filledDraft("Written before the damage"))
            }
            RandomAccessFile(file().toFile(), "rw").use { it.write(ByteArray(16)) }
            openDesk(sandbox, folder).use { desk ->
                desk.setOnline(false)
                val rescued =
                    desk
                        .history()
                        .first()
                        .tickets
                        .filter { it.number == null }
                assertEquals(listOf("Written before the damage"), rescued.map { it.subject })
                val recovered = checkNotNull(desk.status.first().recovered)
                assertHasWords(recovered.wordKey)
                desk.acknowledgeRecovery()
                assertNull(desk.status.first().recovered)
            }
        }

    @Test
    fun `an account that is open already is not opened twice`() {
        val first = runBlocking { openDesk(sandbox, folder) }
        first.use { assertRefused<OpenException.InUse>(configOf(sandbox, folder)) }
    }

    @Test
    fun `a file of a newer app is left as it is`() {
        val file = makeFile()
        val bytes = Files.readAllBytes(file)
        // The schema's number is SQLite's user_version: four bytes, big-endian, at 60.
        bytes[60] = 0
        bytes[61] = 0
        bytes[62] = 99
        bytes[63] = 99
        Files.write(file, bytes)
        val refused = assertRefused<OpenException.NewerSchema>(configOf(sandbox, folder))
        assertEquals((99 * 256 + 99).toUInt(), refused.found)
        assertTrue(refused.known < refused.found)
        assertArrayEquals(bytes, Files.readAllBytes(file))
    }

    @Test
    fun `tickets of one desk are not shown for another`() {
        runBlocking { openDesk(sandbox, folder).use { it.awaitFirstSync() } }
        assertRefused<OpenException.OtherAccount>(configOf(sandbox, folder).copy(deskUrl = "https://support.example.com"))
    }

    @Test
    fun `another account in the same folder sees nothing of the first`() =
        runBlocking {
            openDesk(sandbox, folder).use { it.awaitFirstSync() }
            // Nobody listens there: whatever Ben saw would be Ada's.
            val alone = configOf(sandbox, folder, account = "ben").copy(deskUrl = "http://127.0.0.1:9")
            Pocketdesk.open(alone) { "ben-token" }.use { desk -> assertEquals(0L, desk.history().first().total) }
        }

    @Test
    fun `a folder that cannot be written to is refused`() {
        val file = temporary.newFile("a file").toPath()
        assertRefused<OpenException>(configOf(sandbox, file.resolve("below")))
        assertRefused<OpenException>(configOf(sandbox, Path.of("/proc/pocketdesk")))
    }

    @Test
    fun `a configuration that cannot work is refused`() {
        val config = configOf(sandbox, folder)
        assertRefused<OpenException.InvalidUrl>(config.copy(deskUrl = "not a url"))
        assertRefused<OpenException.InvalidAccount>(config.copy(account = ""))
        assertRefused<OpenException.InvalidProfile>(config.copy(profile = "{}"))
    }

    @Test
    fun `a closed desk answers that it is closed`() =
        runBlocking {
            val desk = openDesk(sandbox, folder)
            desk.close()
            desk.close()
            assertHasWords(assertThrows<DeskException.Closed> { desk.ticketDraft() }.wordKey)
        }
}

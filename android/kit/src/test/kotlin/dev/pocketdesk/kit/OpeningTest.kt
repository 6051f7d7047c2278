package dev.pocketdesk.kit

import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.ClientException
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

/** Opening a client with a folder, a file or a configuration that cannot be used: the error says which, and nothing is changed. */
class OpeningTest : SandboxTest() {
    private inline fun <reified E : OpenException> assertRefused(config: ClientConfig): E =
        runBlocking { assertThrows<E> { Pocketdesk.open(config) { "ada-token" } } }.also { assertLocalised(it.key()) }

    private fun file(): Path =
        Files.walk(folder).use { files -> files.filter { Files.isRegularFile(it) && isDatabase(it) }.toList() }.single()

    private fun isDatabase(file: Path) = Files.newInputStream(file).use { String(it.readNBytes(15)) == "SQLite format 3" }

    private fun makeFile(): Path {
        runBlocking { openClient(sandbox, folder).close() }
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
            openClient(sandbox, folder).use { client ->
                client.setOnline(false)
                client.submit(client.filledDraft("Written before the damage"))
            }
            RandomAccessFile(file().toFile(), "rw").use { it.write(ByteArray(16)) }
            openClient(sandbox, folder).use { client ->
                client.setOnline(false)
                val salvaged =
                    client
                        .history()
                        .first()
                        .tickets
                        .filter { it.number == null }
                assertEquals(listOf("Written before the damage"), salvaged.map { it.subject })
                val recovered = checkNotNull(client.status.first().recovered)
                assertLocalised(recovered.key)
                client.acknowledgeRecovery()
                assertNull(client.status.first().recovered)
            }
        }

    @Test
    fun `an account that is open already is not opened twice`() {
        val first = runBlocking { openClient(sandbox, folder) }
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
    fun `tickets of one server are not shown for another`() {
        runBlocking { openClient(sandbox, folder).use { it.awaitFirstSync() } }
        assertRefused<OpenException.OtherAccount>(configOf(sandbox, folder).copy(serverUrl = "https://support.example.com"))
    }

    @Test
    fun `another account in the same folder sees nothing of the first`() =
        runBlocking {
            openClient(sandbox, folder).use { it.awaitFirstSync() }
            // Nothing listens on that port, so any ticket that Ben saw would be one of Ada's.
            val alone = configOf(sandbox, folder, account = "ben").copy(serverUrl = "http://127.0.0.1:9")
            Pocketdesk.open(alone) { "ben-token" }.use { client -> assertEquals(0L, client.history().first().total) }
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
        assertRefused<OpenException.InvalidUrl>(config.copy(serverUrl = "not a url"))
        assertRefused<OpenException.InvalidAccount>(config.copy(account = ""))
        assertRefused<OpenException.InvalidProduct>(config.copy(product = "{}"))
    }

    @Test
    fun `a closed client says that it is closed`() =
        runBlocking {
            val client = openClient(sandbox, folder)
            client.close()
            client.close()
            assertLocalised(assertThrows<ClientException.Closed> { client.ticketDraft() }.key())
        }
}

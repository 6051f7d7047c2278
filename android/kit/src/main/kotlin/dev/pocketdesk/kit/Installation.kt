package dev.pocketdesk.kit

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE
import java.util.UUID

/**
 * Identifies this installation of the app, for `ClientConfig.installation`.
 *
 * A backup, or the move to a new phone, can copy the tickets to another device. The first device may have sent the unsent messages since
 * then. So the second device must not send them by itself. It looks on the server for the messages of which an attempt was made, and asks
 * the user about every message that it has not found. To recognise the copy, the client compares an id that is never copied to another
 * device. So choose a folder for [keptIn] that no backup includes and that no other device gets: on Android, `Context.noBackupFilesDir`.
 *
 * If the id is lost, no message is lost or doubled: the client asks the user about each unsent message, although that was not necessary.
 */
public object Installation {
    /**
     * Returns the id kept in [folder], and creates it at the first call. It is random, and never sent. Blocks for the disk.
     *
     * @throws IOException the folder cannot be used; without an id, copies are not recognised.
     */
    @Synchronized
    public fun keptIn(folder: Path): String {
        val file = folder.resolve(NAME)
        return read(file) ?: UUID.randomUUID().toString().also { write(file, it) }
    }

    private fun read(file: Path): String? =
        try {
            Files.readString(file).trim().takeIf(String::isNotEmpty)
        } catch (_: NoSuchFileException) {
            null
        }

    // Atomic: after a power failure the file is complete or absent.
    private fun write(
        file: Path,
        id: String,
    ) {
        Files.createDirectories(file.parent)
        val fresh = file.resolveSibling("$NAME.new")
        FileChannel.open(fresh, CREATE, TRUNCATE_EXISTING, WRITE).use {
            it.write(ByteBuffer.wrap(id.toByteArray()))
            it.force(true)
        }
        Files.move(fresh, file, ATOMIC_MOVE)
    }

    private const val NAME = "pocketdesk-installation"
}

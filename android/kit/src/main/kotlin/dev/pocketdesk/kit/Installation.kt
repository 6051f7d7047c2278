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
 * What tells this installation of the app from every other one, for `DeskConfig.installation`.
 *
 * A backup, or the move to a new phone, can bring a copy of the tickets to another device. What waits in the copy may have been sent by the first
 * device since, so the second one must not send it by itself: it looks, and asks its user about what it cannot find. It recognises the copy by an
 * id that did not come along. So [keptIn] a folder that no backup takes and that no other device gets: on Android, `Context.noBackupFilesDir`.
 *
 * An id that was lost, by an app that was installed anew for example, is no harm: the desk then asks once too often.
 */
public object Installation {
    /**
     * The id that [folder] keeps; made at the first call. It is not derived from the device or the user, and never sent. Blocks for the disk.
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

    // Whole or not at all, whenever the power goes.
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

package dev.pocketdesk.sample.desktop

import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.PickedFile
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.awt.Desktop
import java.awt.FileDialog
import java.awt.Frame
import java.nio.file.Path

/** The file chooser of this machine, and the programs that it opens files with. */
internal object DesktopFiles : FileAccess {
    override suspend fun pick(
        atMost: Long,
        attach: suspend (PickedFile) -> Unit,
    ) {
        val chosen = withContext(Dispatchers.IO) { FileDialog(null as Frame?).apply { isVisible = true }.files.firstOrNull() }
        chosen?.let { attach(PickedFile(it.toPath(), it.name)) }
    }

    override fun open(
        file: Path,
        contentType: String,
    ) {
        if (Desktop.isDesktopSupported()) Desktop.getDesktop().open(file.toFile())
    }
}

package dev.pocketdesk.sample.desktop

import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.LocalFile
import dev.pocketdesk.kit.PickedFile
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.awt.Desktop
import java.awt.FileDialog
import java.awt.Frame
import java.nio.file.Path

/** The file chooser of this machine, and the programs that it opens files with. */
internal object DesktopFiles : FileAccess {
    override suspend fun pick(): List<PickedFile> =
        withContext(Dispatchers.IO) {
            val dialog = FileDialog(null as Frame?)
            dialog.isMultipleMode = true
            dialog.isVisible = true
            dialog.files.map { LocalFile(it.toPath()) }
        }

    override fun open(
        file: Path,
        contentType: String,
    ) {
        if (Desktop.isDesktopSupported()) Desktop.getDesktop().open(file.toFile())
    }
}

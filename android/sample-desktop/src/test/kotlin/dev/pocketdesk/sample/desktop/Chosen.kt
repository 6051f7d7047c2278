package dev.pocketdesk.sample.desktop

import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.PickedFile
import kotlinx.coroutines.awaitCancellation
import java.nio.file.Path

/** A user who chooses these files, all at once. */
internal class Chosen(
    private val files: List<PickedFile>,
) : FileAccess {
    override suspend fun pick() = files

    override fun open(
        file: Path,
        contentType: String,
    ) = Unit
}

/** A file in a cloud that does not answer. */
internal class NeverThere(
    override val name: String,
) : PickedFile {
    override suspend fun read(
        atMost: Long,
        use: suspend (Path) -> Unit,
    ): Unit = awaitCancellation()
}

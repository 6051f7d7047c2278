package dev.pocketdesk.kit.viewmodel

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.SmallerPhoto
import dev.pocketdesk.kit.CopyingFile
import dev.pocketdesk.kit.DraftFilesState
import dev.pocketdesk.kit.FileLimit
import dev.pocketdesk.kit.PickedFile
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.kit.attach
import dev.pocketdesk.kit.detach
import dev.pocketdesk.kit.draftFile
import dev.pocketdesk.kit.draftFiles
import dev.pocketdesk.kit.limit
import dev.pocketdesk.kit.smallerPhoto
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.nio.file.Path
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicLong

/**
 * Attaches the files that the user chose to a draft: to a new ticket or to a reply.
 *
 * The files are attached one after the other. A chosen file is in [DraftFilesState.copying] until its turn is over, and can be left out until then.
 * If it cannot be attached, it stays in [DraftFilesState.refused] with the reason, until the user has read it. If core says that such a file is a
 * photo which a smaller JPG can replace, and the platform can make one, the user is offered that.
 *
 * [Screen.show] has to change the state atomically: a file moves from one list to another in one change, so that it is never shown twice.
 */
internal class DraftFiles(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    private val screen: Screen,
) {
    /** The screen with the draft. */
    interface Screen {
        /** The id of the draft; null while none is shown. */
        val draftId: String?

        /** What is shown. */
        val files: DraftFilesState

        /** Changes what is shown. */
        fun show(change: (DraftFilesState) -> DraftFilesState)

        /** Shows why a call failed: a key of [Strings][dev.pocketdesk.kit.Strings]. */
        fun showFailure(stringKey: String)

        /** Saves the draft, and then calls [use] with its id while nothing else can save or send it. Does nothing if no draft is shown. */
        suspend fun withSavedDraft(use: suspend (String) -> Unit)
    }

    /** What a refused file can be replaced by. */
    private class Replacement(
        val file: PickedFile,
        val photo: SmallerPhoto,
    )

    private val chosen = AtomicLong()
    private val fetching = ConcurrentHashMap<CopyingFile, Job>()
    private val replacements = ConcurrentHashMap<String, Replacement>()

    /**
     * Attaches [files] in their order.
     *
     * @return completes when every file was copied, refused or left out.
     */
    fun attach(files: List<PickedFile>): Job = inTurn(files.associateBy({ lineOf(it.name) }) { file -> { line -> file.attachAs(line) } })

    /** Attaches the photo that was refused as a smaller JPG. */
    fun attachSmaller(refused: RefusedFile): Job {
        val replacement = replacements.remove(refused.name)
        dismiss(refused.name)
        if (replacement == null) return inTurn(emptyMap())
        return inTurn(mapOf(lineOf(replacement.photo.name) to { line -> replacement.attachAs(line, refused.name) }))
    }

    /** Leaves out a chosen file that is not attached yet. */
    fun stop(file: CopyingFile) {
        screen.show { it.copy(copying = it.copying - file) }
        fetching[file]?.cancel()
    }

    /** Leaves out all chosen files that are not attached yet: the draft to which they belong goes. */
    fun stopAll() {
        screen.show { it.copy(copying = emptyList()) }
        fetching.values.forEach(Job::cancel)
    }

    /** The user has read why the file of this [name] was not attached. */
    fun dismiss(name: String): Unit = screen.show { it.without(name) }

    /** Returns where an attached file can be looked at, or null if it cannot. */
    suspend fun file(id: Long): Path? =
        try {
            client.draftFile(id)
        } catch (_: ClientException) {
            null
        }

    /** Removes a file from the draft. */
    fun detach(file: Long) {
        scope.launch {
            try {
                client.detach(file)
                showAttached()
            } catch (e: ClientException) {
                screen.showFailure(e.key())
            }
        }
    }

    private fun lineOf(name: String) = CopyingFile(chosen.incrementAndGet(), name)

    private fun inTurn(lines: Map<CopyingFile, suspend (CopyingFile) -> Unit>): Job {
        screen.show { it.copy(copying = it.copying + lines.keys) }
        return scope.launch {
            for ((line, attach) in lines) {
                if (!isAwaited(line)) continue
                val job = launch { attach(line) }
                fetching[line] = job
                // It may have been left out in between.
                if (!isAwaited(line)) job.cancel()
                job.join()
                fetching -= line
                screen.show { it.copy(copying = it.copying - line) }
            }
        }
    }

    private fun isAwaited(line: CopyingFile) = line in screen.files.copying

    private suspend fun PickedFile.attachAs(line: CopyingFile) {
        val limits = client.product.attachments
        if (limits != null && screen.files.attached.size >= limits.maxFiles.toInt()) {
            // Core would say the same, but only after the file was fetched, perhaps from a cloud.
            refuse(RefusedFile(name, "attachment.too_many", FileLimit.Files(limits.maxFiles.toInt())))
            return
        }
        read(limits?.maxBytes?.toLong() ?: 0) { path -> withContext(NonCancellable) { attach(path, line, this@attachAs) } }
    }

    private suspend fun Replacement.attachAs(
        line: CopyingFile,
        original: String,
    ) {
        val made = file.readSmaller(photo) { path -> withContext(NonCancellable) { attach(path, line) } }
        if (!made) refuse(RefusedFile(original, "attachment.not_smaller"))
    }

    private suspend fun attach(
        path: Path,
        line: CopyingFile,
        file: PickedFile? = null,
    ) {
        try {
            screen.withSavedDraft { draft ->
                if (!isAwaited(line)) return@withSavedDraft
                client.attach(draft, path, line.name)
                dismiss(line.name)
            }
            showAttached(line)
        } catch (e: AttachException) {
            val photo = if (file?.makesSmaller == true) client.smallerPhoto(path, line.name) else null
            if (file != null && photo != null) replacements[line.name] = Replacement(file, photo)
            refuse(RefusedFile(line.name, e.key(), e.limit, canBeSmaller = photo != null))
        } catch (e: ClientException) {
            screen.showFailure(e.key())
        }
    }

    private fun refuse(file: RefusedFile) = screen.show { it.without(file.name).run { copy(refused = refused + file) } }

    /** Shows the files of the draft. What was [attached] just now is one of them, and no longer being attached. */
    private suspend fun showAttached(attached: CopyingFile? = null) {
        val files = client.draftFiles(screen.draftId ?: return)
        screen.show { it.copy(attached = files, copying = it.copying.filter { line -> line != attached }) }
    }

    private fun DraftFilesState.without(name: String) = copy(refused = refused.filter { it.name != name })
}

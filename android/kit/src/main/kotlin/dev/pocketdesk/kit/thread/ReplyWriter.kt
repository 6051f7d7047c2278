package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.FormattedText
import dev.pocketdesk.bindings.ReplyDraft
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.kit.DraftFilesState
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.draftFiles
import dev.pocketdesk.kit.viewmodel.DraftFiles
import dev.pocketdesk.kit.viewmodel.DraftKeeper
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlin.time.Duration

/**
 * The reply that is being written: what the reply bar shows, the saved draft behind it, and its files.
 *
 * The text field owns what is typed, and the draft is saved after each [pause]. Core changes the saved draft as well, for example when a message is
 * taken back. Such a call runs in [afterKeeping], so that it finds everything that was typed, and [load] shows what has become of the draft.
 */
internal class ReplyWriter(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    private val ticket: Long,
    pause: Duration,
) : DraftFiles.Screen {
    private val shown = MutableStateFlow(ReplyState())
    private val keeper = DraftKeeper(client.background, pause, ::save)
    private var draft: ReplyDraft? = null

    /** What the reply bar shows. */
    val state: StateFlow<ReplyState> get() = shown

    /** The files of the reply. */
    val attachments = DraftFiles(client, scope, this)

    override val draftId get() = draft?.id
    override val files get() = shown.value.files

    override fun show(change: (DraftFilesState) -> DraftFilesState) = shown.update { it.copy(files = change(it.files)) }

    override fun showFailure(stringKey: String) = shown.update { it.copy(failure = stringKey) }

    override suspend fun withSavedDraft(use: suspend (String) -> Unit) =
        keeper.consume {
            val kept = draft ?: return@consume
            client.saveReplyDraft(kept)
            use(kept.id)
        }

    /** The last failure is no longer shown: the user does something else. */
    fun clearFailure() = shown.update { it.copy(failure = null) }

    /** The user typed, or changed a format. */
    fun write(text: FormattedText) {
        draft = draft?.copy(body = text.text, formats = text.formats)?.also(keeper::changed)
        clearFailure()
    }

    private suspend fun save(draft: ReplyDraft) {
        try {
            client.saveReplyDraft(draft)
        } catch (e: ClientException) {
            showFailure(e.key())
        }
    }

    /** Sends the reply. It is on disk when the thread shows it. */
    fun send() {
        val sending = draft ?: return
        if (!shown.value.canSend) return
        shown.update { it.copy(ready = false, failure = null) }
        scope.launch {
            try {
                keeper.consume { client.reply(sending) }
                load()
            } catch (e: ReplyException) {
                keeper.changed(sending)
                shown.update { it.copy(ready = true, failure = e.key()) }
            } catch (e: ClientException) {
                showFailure(e.key())
            }
        }
    }

    /** Shows the saved draft. The text field starts over with it. */
    suspend fun load() {
        val kept = client.replyDraft(ticket)
        draft = kept
        val files = if (client.product.attachments == null) emptyList() else client.draftFiles(kept.id)
        shown.update {
            ReplyState(
                kept.body,
                it.revision + 1,
                ready = true,
                files = it.files.copy(attached = files),
                formats = kept.formats,
            )
        }
    }

    /** Deletes the draft, with its files. */
    suspend fun discard() {
        draft?.let { kept -> keeper.consume { client.discardTicketDraft(kept.id) } }
        attachments.stopAll()
        show { DraftFilesState() }
        load()
    }

    /** While [held], the reply bar takes nothing: something is about to be added to the draft. [load] ends it too. */
    fun hold(held: Boolean) = shown.update { it.copy(ready = !held) }

    /** Saves what was typed, and then runs [use] while nothing can be saved. */
    suspend fun <T> afterKeeping(use: suspend () -> T): T = keeper.afterKeeping(use)

    /** Saves what was typed. */
    suspend fun keep() = keeper.keep()

    /** Starts to save what was typed, and returns at once. */
    fun keepNow() = keeper.keepNow()
}

package dev.pocketdesk.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.Stable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.listSaver
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import dev.pocketdesk.kit.thread.FindRequest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import java.net.URLDecoder
import java.net.URLEncoder
import kotlin.coroutines.CoroutineContext

/** One of Pocketdesk's screens. */
public sealed interface Screen {
    /** Identifies the screen, in a link of the app for example. Read it with [of]. [Navigator.saved] has a whole back stack. */
    public val path: String

    /** Who is signed in. */
    public data object Account : Screen {
        override val path: String get() = "account"
    }

    /** Help & Support. */
    public data object Support : Screen {
        override val path: String get() = "support"
    }

    /** All tickets. */
    public data object History : Screen {
        override val path: String get() = "history"
    }

    /**
     * The form of a new ticket.
     *
     * @property prefill a text for its description. It stands below what the draft has already.
     */
    public data class NewTicket(
        val prefill: String? = null,
    ) : Screen {
        override val path: String get() = if (prefill == null) "new" else "new/${URLEncoder.encode(prefill, UTF_8)}"
    }

    /**
     * The form of a ticket that was not sent yet.
     *
     * @property ticket the ticket's local id.
     */
    public data class EditTicket(
        val ticket: Long,
    ) : Screen {
        override val path: String get() = "edit/$ticket"
    }

    /**
     * One ticket with its thread.
     *
     * @property ticket the ticket's local id.
     * @property find a text that is looked for in it when it opens; null for none.
     */
    public data class Thread(
        val ticket: Long,
        val find: FindRequest? = null,
    ) : Screen {
        override val path: String
            get() = if (find == null) "thread/$ticket" else "thread/$ticket/${find.message ?: 0}/${URLEncoder.encode(find.text, UTF_8)}"
    }

    /** The categories of the help articles. */
    public data object Articles : Screen {
        override val path: String get() = "articles"
    }

    /**
     * The help articles of a section.
     *
     * @property section the `HelpSection.id`.
     */
    public data class ArticleSection(
        val section: Long,
    ) : Screen {
        override val path: String get() = "articles/$section"
    }

    /**
     * One help article.
     *
     * @property article the `ArticleRow.id`.
     */
    public data class Article(
        val article: Long,
    ) : Screen {
        override val path: String get() = "article/$article"
    }

    public companion object {
        /** The screen with this [path]; null if there is none. */
        public fun of(path: String): Screen? =
            listOf(Account, Support, History, NewTicket(), Articles).firstOrNull { it.path == path }
                ?: threadIn(path)
                ?: idIn(path, "edit/")?.let(::EditTicket)
                ?: idIn(path, "articles/")?.let(::ArticleSection)
                ?: idIn(path, "article/")?.let(::Article)
                ?: prefillIn(path)?.let(::NewTicket)

        private fun threadIn(path: String): Thread? {
            val parts = path.takeIf { it.startsWith("thread/") }?.removePrefix("thread/")?.split('/', limit = 3) ?: return null
            val ticket = parts.first().toLongOrNull() ?: return null
            val text = parts.getOrNull(2)?.let(::decoded)
            // A text that cannot be read costs the text, and not the screen.
            return Thread(ticket, text?.let { FindRequest(it, parts[1].toLongOrNull()?.takeIf { id -> id > 0 }) })
        }

        private fun prefillIn(path: String): String? = path.takeIf { it.startsWith("new/") }?.let { decoded(it.removePrefix("new/")) }

        private fun decoded(text: String): String? =
            try {
                URLDecoder.decode(text, UTF_8)
            } catch (_: IllegalArgumentException) {
                null
            }

        // By name: older phones have no function that takes the character set itself.
        private const val UTF_8 = "UTF-8"

        private fun idIn(
            path: String,
            prefix: String,
        ): Long? = path.takeIf { it.startsWith(prefix) }?.removePrefix(prefix)?.toLongOrNull()
    }
}

/**
 * The back stack. Each entry owns the view model of its screen and a coroutine scope. Both end when the entry is removed, so a screen below keeps its
 * state and a screen that was left uses no resources. Call it from the main thread.
 *
 * The constructor takes the first screen and those on top of it (if there are none, the account screen is the first), and where the view models
 * run.
 */
@Stable
public class Navigator internal constructor(
    start: SavedStack,
    private val context: CoroutineContext,
) {
    public constructor(
        start: List<Screen> = listOf(Screen.Account),
        context: CoroutineContext = Dispatchers.Main.immediate,
    ) : this(SavedStack.of(start.ifEmpty { listOf(Screen.Account) }), context)

    // An id is never given twice, also not after the end of the process: what a screen has saved is found by it.
    private var nextId = start.entries.maxOf { (id) -> id } + 1
    private val stack = mutableStateListOf<Entry>().apply { addAll(start.entries.map { (id, screen) -> entry(screen, id) }) }

    internal val top: Entry get() = stack.last()

    /** The screen that the user sees. */
    public val current: Screen get() = top.screen

    /** Whether [back] leads to another screen, or back within the current one: out of a search, for example. */
    public val canGoBack: Boolean get() = stack.size > 1 || top.holdsBack

    /** The screens from the first to the current one. A later navigator can start with them. */
    public val screens: List<Screen> get() = stack.map { it.screen }

    /** Opens a screen on top of the current one. Does nothing if it is the current one. */
    public fun open(screen: Screen) {
        if (screen != current) stack += entry(screen)
    }

    /** Opens a screen on top of the one of [from], which may be beside the current one. What is on top of it ends, unless it shows that screen. */
    internal fun open(
        screen: Screen,
        from: Entry,
    ) {
        if (from !in stack || screen == current) return
        leaveAbove(from)
        open(screen)
    }

    /** Leaves the screen of [entry], which may be beside the current one, as [back] does. One that was left already is left once. */
    internal fun back(entry: Entry): Boolean {
        if (entry !in stack) return true
        leaveAbove(entry)
        return back()
    }

    private fun leaveAbove(entry: Entry) {
        while (top != entry) stack.removeAt(stack.lastIndex).end()
    }

    /** Replaces the current screen, so that back does not return to it. */
    public fun replace(screen: Screen) {
        stack.removeAt(stack.lastIndex).end()
        stack += entry(screen)
    }

    /**
     * Goes back one screen, or within the screen first. If the screen would lose something, it asks the user first. Returns false if nothing was
     * done, because this is the first screen: only the app can leave that.
     */
    public fun back(): Boolean {
        if (top.staysOnBack()) return true
        if (stack.size == 1) return false
        stack.removeAt(stack.lastIndex).end()
        return true
    }

    /** Ends the work of every screen. The navigator cannot be used afterwards. */
    public fun close() {
        stack.forEach(Entry::end)
    }

    private fun entry(
        screen: Screen,
        id: Long = nextId++,
    ) = Entry(screen, id, CoroutineScope(context + SupervisorJob()))

    /** What is on screen: in a [wide] window a ticket stands beside the history from which it was opened. */
    internal fun panes(wide: Boolean): Panes {
        val below = stack.getOrNull(stack.lastIndex - 1)?.takeIf { it.screen == Screen.History }
        return Panes(below.takeIf { wide && top.screen is Screen.Thread }, top)
    }

    internal val entries: SavedStack get() = SavedStack(stack.map { it.id to it.screen })

    /** The back stack for the app's saved instance state: [restore] reads it after the end of the process. */
    public val saved: List<String> get() = entries.texts

    public companion object {
        /**
         * The navigator that was [saved]. Each screen finds what it had saved itself, such as its place in a list. If nothing can be read, the
         * account screen is the first and only one.
         */
        public fun restore(
            saved: List<String>,
            context: CoroutineContext = Dispatchers.Main.immediate,
        ): Navigator = SavedStack.ofTexts(saved)?.let { Navigator(it, context) } ?: Navigator(context = context)
    }

    internal class Entry(
        val screen: Screen,
        val id: Long,
        private val scope: CoroutineScope,
    ) {
        private var model: Any? = null

        /** Called on the way back. Returns true if the screen stays, because it asks the user first or has gone back within itself. */
        var staysOnBack: () -> Boolean = { false }

        /** Whether the way back stays within this screen now: it closes a search, for example. */
        var holdsBack: Boolean by mutableStateOf(false)

        @Suppress("UNCHECKED_CAST") // A screen has one view model, created in its own branch of the one `when`.
        fun <M : Any> model(make: (CoroutineScope) -> M): M = (model ?: make(scope).also { model = it }) as M

        /** Runs [work] that may go on while another screen is on top, until this screen is removed. */
        fun launch(work: suspend () -> Unit) {
            scope.launch { work() }
        }

        fun end() {
            scope.cancel()
        }
    }
}

/**
 * The screens that are seen at once.
 *
 * @property beside the history beside a ticket; null if there is one screen only.
 * @property top the current screen.
 */
internal data class Panes(
    val beside: Navigator.Entry?,
    val top: Navigator.Entry,
) {
    /** Two panes are the same place as the history that is one of them, so that the history stays as it is when a ticket opens beside it. */
    val place: Long get() = (beside ?: top).id

    /** The ticket beside the history. */
    val ticket: Long? get() = (top.screen as? Screen.Thread)?.ticket.takeIf { beside != null }
}

/** The back stack as it outlives the process: every screen, with the id by which it finds what it has saved. */
internal class SavedStack(
    val entries: List<Pair<Long, Screen>>,
) {
    val texts: List<String> get() = entries.map { (id, screen) -> "$id ${screen.path}" }

    companion object {
        fun of(screens: List<Screen>) = SavedStack(screens.mapIndexed { index, screen -> index.toLong() to screen })

        /** The stack with these [texts]; null if none of them is a screen. */
        fun ofTexts(texts: List<String>): SavedStack? =
            texts
                .mapNotNull { text ->
                    val screen = Screen.of(text.substringAfter(' ')) ?: return@mapNotNull null
                    text.substringBefore(' ').toLongOrNull()?.let { it to screen }
                }.takeIf { it.isNotEmpty() }
                ?.let(::SavedStack)
    }
}

/**
 * Creates the navigator of a composition. It starts at [start], and is closed when the composition no longer contains this call.
 * After a configuration change, or when the app is started again after the end of its process, the navigator shows the same
 * screens as before.
 */
@Composable
public fun rememberNavigator(start: Screen = Screen.Account): Navigator {
    val saver = listSaver<Navigator, String>({ it.saved }) { Navigator.restore(it) }
    val navigator = rememberSaveable(saver = saver) { Navigator(listOf(start)) }
    DisposableEffect(navigator) { onDispose(navigator::close) }
    return navigator
}

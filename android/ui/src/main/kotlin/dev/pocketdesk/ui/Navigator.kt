package dev.pocketdesk.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.Stable
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.saveable.listSaver
import androidx.compose.runtime.saveable.rememberSaveable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlin.coroutines.CoroutineContext

/** A place in the app. [path] survives the end of the process, in an Android instance state for example. */
public sealed interface Screen {
    public val path: String

    public data object Account : Screen {
        override val path: String get() = "account"
    }

    public data object Support : Screen {
        override val path: String get() = "support"
    }

    public data object History : Screen {
        override val path: String get() = "history"
    }

    public data object NewTicket : Screen {
        override val path: String get() = "new"
    }

    /** The form of a ticket that was not sent yet. @property ticket the ticket's local id. */
    public data class EditTicket(
        val ticket: Long,
    ) : Screen {
        override val path: String get() = "edit/$ticket"
    }

    /** @property ticket the ticket's local id. */
    public data class Thread(
        val ticket: Long,
    ) : Screen {
        override val path: String get() = "thread/$ticket"
    }

    public companion object {
        /** The screen of a [path]; null if it is not one. */
        public fun of(path: String): Screen? =
            listOf(Account, Support, History, NewTicket).firstOrNull { it.path == path }
                ?: path.removePrefix("thread/").toLongOrNull()?.let(::Thread)
                ?: path.removePrefix("edit/").toLongOrNull()?.let(::EditTicket)
    }
}

/**
 * The back stack. Each entry owns a scope and the view model of its screen; both end when the entry is popped, so that a screen below keeps its
 * state and a screen that was left costs nothing. Call it from the main thread.
 *
 * @param start the first screen and those on top of it; never empty.
 * @param context where view models run.
 */
@Stable
public class Navigator(
    start: List<Screen> = listOf(Screen.Account),
    private val context: CoroutineContext = Dispatchers.Main.immediate,
) {
    private var entries = 0L
    private val stack = mutableStateListOf<Entry>().apply { addAll(start.ifEmpty { listOf(Screen.Account) }.map(::entry)) }

    internal val top: Entry get() = stack.last()

    /** The screen the user sees. */
    public val current: Screen get() = top.screen

    /** Whether [back] leads anywhere within these screens. */
    public val canGoBack: Boolean get() = stack.size > 1

    /** The screens from the first to the current one, to start with again later. */
    public val screens: List<Screen> get() = stack.map { it.screen }

    public fun open(screen: Screen) {
        if (screen != current) stack += entry(screen)
    }

    /** Opens a screen in the place of the current one, so that back does not return to it. */
    public fun replace(screen: Screen) {
        stack.removeAt(stack.lastIndex).end()
        stack += entry(screen)
    }

    /** Returns false on the first screen: it is the host's to leave it. A screen with something to lose asks first. */
    public fun back(): Boolean {
        if (!canGoBack) return false
        if (top.stays()) return true
        stack.removeAt(stack.lastIndex).end()
        return true
    }

    /** Ends every screen's work. The navigator is of no use afterwards. */
    public fun close() {
        stack.forEach(Entry::end)
    }

    private fun entry(screen: Screen) = Entry(screen, entries++, CoroutineScope(context + SupervisorJob()))

    internal class Entry(
        val screen: Screen,
        val id: Long,
        private val scope: CoroutineScope,
    ) {
        private var model: Any? = null

        /** Asked on the way back; true keeps the screen, which then asks the user. */
        var stays: () -> Boolean = { false }

        @Suppress("UNCHECKED_CAST") // A screen has one view model, made by its own branch of the one `when`.
        fun <M : Any> model(make: (CoroutineScope) -> M): M = (model ?: make(scope).also { model = it }) as M

        /** Does what has to outlive the drawing of the screen, but not the screen. */
        fun launch(work: suspend () -> Unit) {
            scope.launch { work() }
        }

        fun end() {
            scope.cancel()
        }
    }
}

/**
 * A navigator that starts at [start] and is closed when it leaves the composition. It finds its screens again after a configuration change and
 * after the end of the process.
 */
@Composable
public fun rememberNavigator(start: Screen = Screen.Account): Navigator {
    val saver = listSaver<Navigator, String>({ it.screens.map(Screen::path) }) { paths -> Navigator(paths.mapNotNull(Screen::of)) }
    val navigator = rememberSaveable(saver = saver) { Navigator(listOf(start)) }
    DisposableEffect(navigator) { onDispose(navigator::close) }
    return navigator
}

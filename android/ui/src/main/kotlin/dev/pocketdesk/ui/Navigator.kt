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

/** One of Pocketdesk's screens. */
public sealed interface Screen {
    /** Identifies the screen after the end of the process, in Android's saved instance state for example. Read it with [of]. */
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

    /** The form of a new ticket. */
    public data object NewTicket : Screen {
        override val path: String get() = "new"
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
     */
    public data class Thread(
        val ticket: Long,
    ) : Screen {
        override val path: String get() = "thread/$ticket"
    }

    public companion object {
        /** The screen with this [path]; null if there is none. */
        public fun of(path: String): Screen? =
            listOf(Account, Support, History, NewTicket).firstOrNull { it.path == path }
                ?: path.removePrefix("thread/").toLongOrNull()?.let(::Thread)
                ?: path.removePrefix("edit/").toLongOrNull()?.let(::EditTicket)
    }
}

/**
 * The back stack. Each entry owns the view model of its screen and a coroutine scope. Both end when the entry is removed, so a screen below keeps its
 * state and a screen that was left uses no resources. Call it from the main thread.
 *
 * @param start the first screen and those on top of it. If empty, the account screen is the first.
 * @param context where the view models run.
 */
@Stable
public class Navigator(
    start: List<Screen> = listOf(Screen.Account),
    private val context: CoroutineContext = Dispatchers.Main.immediate,
) {
    private var entries = 0L
    private val stack = mutableStateListOf<Entry>().apply { addAll(start.ifEmpty { listOf(Screen.Account) }.map(::entry)) }

    internal val top: Entry get() = stack.last()

    /** The screen that the user sees. */
    public val current: Screen get() = top.screen

    /** Whether there is a screen below the current one. */
    public val canGoBack: Boolean get() = stack.size > 1

    /** The screens from the first to the current one. A later navigator can start with them. */
    public val screens: List<Screen> get() = stack.map { it.screen }

    /** Opens a screen on top of the current one. Does nothing if it is the current one. */
    public fun open(screen: Screen) {
        if (screen != current) stack += entry(screen)
    }

    /** Replaces the current screen, so that back does not return to it. */
    public fun replace(screen: Screen) {
        stack.removeAt(stack.lastIndex).end()
        stack += entry(screen)
    }

    /**
     * Goes back one screen. If the screen would lose something, it asks the user first. Returns false on the first screen: only
     * the app can leave that screen.
     */
    public fun back(): Boolean {
        if (!canGoBack) return false
        if (top.staysOnBack()) return true
        stack.removeAt(stack.lastIndex).end()
        return true
    }

    /** Ends the work of every screen. The navigator cannot be used afterwards. */
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

        /** Called on the way back. Returns true to keep the screen, which then asks the user. */
        var staysOnBack: () -> Boolean = { false }

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
 * Creates the navigator of a composition. It starts at [start], and is closed when the composition no longer contains this call.
 * After a configuration change, or when the app is started again after the end of its process, the navigator shows the same
 * screens as before.
 */
@Composable
public fun rememberNavigator(start: Screen = Screen.Account): Navigator {
    val saver = listSaver<Navigator, String>({ it.screens.map(Screen::path) }) { paths -> Navigator(paths.mapNotNull(Screen::of)) }
    val navigator = rememberSaveable(saver = saver) { Navigator(listOf(start)) }
    DisposableEffect(navigator) { onDispose(navigator::close) }
    return navigator
}

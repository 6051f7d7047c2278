package dev.pocketdesk.ui

import androidx.compose.animation.AnimatedContent
import androidx.compose.animation.fadeIn
import androidx.compose.animation.fadeOut
import androidx.compose.animation.slideInHorizontally
import androidx.compose.animation.slideOutHorizontally
import androidx.compose.animation.togetherWith
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalUriHandler
import dev.pocketdesk.kit.HistoryViewModel
import dev.pocketdesk.kit.NewTicketState
import dev.pocketdesk.kit.NewTicketViewModel
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.SupportViewModel
import dev.pocketdesk.kit.ThreadState
import dev.pocketdesk.kit.ThreadViewModel
import dev.pocketdesk.kit.Words
import dev.pocketdesk.ui.account.AccountScreen
import dev.pocketdesk.ui.account.SupportScreen
import dev.pocketdesk.ui.create.NewTicketActions
import dev.pocketdesk.ui.create.NewTicketScreen
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import dev.pocketdesk.ui.thread.ThreadActions
import dev.pocketdesk.ui.thread.ThreadScreen

/**
 * All of Pocketdesk's screens, from the account to a thread. Put it inside [PocketdeskTheme][dev.pocketdesk.ui.theme.PocketdeskTheme] or a
 * Material 3 theme of your own.
 *
 * @param navigator where the user is; the host keeps it, and forwards its own back gesture to [Navigator.back].
 * @param person shown on the account screen.
 * @param onSignIn offered when the desk refuses the user's token; null if the app has no way to sign in again.
 * @param onLeave back on the first screen; null if there is nowhere to go.
 */
@Composable
public fun PocketdeskScreens(
    desk: Pocketdesk,
    navigator: Navigator,
    words: Words,
    person: Person,
    modifier: Modifier = Modifier,
    onSignIn: (() -> Unit)? = null,
    onLeave: (() -> Unit)? = null,
) {
    val states = rememberSaveableStateHolder()
    CompositionLocalProvider(LocalWords provides words, LocalDates provides remember(words) { Dates(words.locale) }) {
        Surface(modifier, color = MaterialTheme.colorScheme.background) {
            AnimatedContent(
                navigator.top,
                transitionSpec = {
                    val direction = if (targetState.id > initialState.id) 1 else -1
                    (slideInHorizontally { direction * it / SHIFT } + fadeIn()) togetherWith
                        (slideOutHorizontally { -direction * it / SHIFT } + fadeOut())
                },
                contentKey = { it.id },
            ) { entry ->
                val host = Host(desk, navigator, words, person, onSignIn, onLeave)
                states.SaveableStateProvider(entry.id) { host.Show(entry) }
            }
        }
    }
}

private const val SHIFT = 12

/** Binds each screen to its view model and to the ways out of it. */
private class Host(
    private val desk: Pocketdesk,
    private val navigator: Navigator,
    private val words: Words,
    private val person: Person,
    private val onSignIn: (() -> Unit)?,
    private val onLeave: (() -> Unit)?,
) {
    private val back: () -> Unit = { if (!navigator.back()) onLeave?.invoke() }

    @Composable
    fun Show(entry: Navigator.Entry) {
        when (val screen = entry.screen) {
            Screen.Account -> Account(entry)
            Screen.Support -> Support(entry)
            Screen.History -> History(entry)
            Screen.NewTicket -> NewTicket(entry)
            is Screen.Thread -> Thread(entry, screen.ticket)
        }
    }

    @Composable
    private fun Account(entry: Navigator.Entry) {
        val model = entry.model { SupportViewModel(desk, it, words.locale.language) }
        val state by model.state.collectAsState()
        AccountScreen(person, state, onBack = back.takeIf { navigator.canGoBack || onLeave != null }) { navigator.open(Screen.Support) }
    }

    @Composable
    private fun Support(entry: Navigator.Entry) {
        val model = entry.model { SupportViewModel(desk, it, words.locale.language) }
        val state by model.state.collectAsState()
        val links = LocalUriHandler.current
        SupportScreen(state, back, onTickets = { navigator.open(Screen.History) }, onLink = links::openUri)
    }

    @Composable
    private fun History(entry: Navigator.Entry) {
        val model = entry.model { HistoryViewModel(desk, it) }
        val state by model.state.collectAsState()
        val actions =
            remember(model, onSignIn) {
                HistoryActions(
                    back = back,
                    open = { navigator.open(Screen.Thread(it)) },
                    create = { navigator.open(Screen.NewTicket) },
                    refresh = model::refresh,
                    showMore = model::showMore,
                    signIn = onSignIn,
                )
            }
        HistoryScreen(state, desk.profile, actions)
    }

    @Composable
    private fun NewTicket(entry: Navigator.Entry) {
        val model = entry.model { NewTicketViewModel(desk, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(state) { (state as? NewTicketState.Created)?.let { navigator.replace(Screen.Thread(it.ticket)) } }
        DisposableEffect(model) { onDispose(model::leave) }
        val actions =
            remember(model) {
                NewTicketActions(
                    back = back,
                    subject = model::subject,
                    issueType = model::issueType,
                    ccEntry = model::ccEntry,
                    removeCc = model::removeCc,
                    editCc = model::editCc,
                    description = model::description,
                    access = model::access,
                    visited = model::visited,
                    create = model::create,
                    discard = model::discard,
                    reload = model::load,
                )
            }
        NewTicketScreen(state, desk.profile, actions)
    }

    @Composable
    private fun Thread(
        entry: Navigator.Entry,
        ticket: Long,
    ) {
        val model = entry.model { ThreadViewModel(desk, it, ticket) }
        val state by model.state.collectAsState()
        LaunchedEffect(state) { if (state == ThreadState.Gone) back() }
        DisposableEffect(model) {
            model.enter()
            onDispose(model::leave)
        }
        val actions = remember(model) { ThreadActions(back, model::reply, model::send, model::retry, model::discard, model::reload) }
        ThreadScreen(state, desk.profile, actions)
    }
}

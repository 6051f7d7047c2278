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
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalUriHandler
import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.HistoryViewModel
import dev.pocketdesk.kit.NewTicketState
import dev.pocketdesk.kit.NewTicketViewModel
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.SignOutState
import dev.pocketdesk.kit.SignOutViewModel
import dev.pocketdesk.kit.SupportViewModel
import dev.pocketdesk.kit.ThreadState
import dev.pocketdesk.kit.ThreadViewModel
import dev.pocketdesk.kit.Words
import dev.pocketdesk.ui.account.AccountScreen
import dev.pocketdesk.ui.account.SignOutActions
import dev.pocketdesk.ui.account.SupportScreen
import dev.pocketdesk.ui.create.NewTicketActions
import dev.pocketdesk.ui.create.NewTicketScreen
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.thread.ThreadActions
import dev.pocketdesk.ui.thread.ThreadScreen
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import java.nio.file.Path

/**
 * All of Pocketdesk's screens, from the account to a thread. Put it inside [PocketdeskTheme][dev.pocketdesk.ui.theme.PocketdeskTheme] or a
 * Material 3 theme of your own.
 *
 * @param navigator where the user is; the host keeps it, and forwards its own back gesture to [Navigator.back].
 * @param person shown on the account screen.
 * @param files the platform's way to files; null offers no attachments, and opens none.
 * @param onSignIn offered when the desk refuses the user's token; null if the app has no way to sign in again.
 * @param onSignedOut called once the user has signed out here and the desk is closed; null if signing out is offered elsewhere, or not at all.
 * @param onLeave back on the first screen; null if there is nowhere to go.
 */
@Composable
public fun PocketdeskScreens(
    desk: Pocketdesk,
    navigator: Navigator,
    words: Words,
    person: Person,
    modifier: Modifier = Modifier,
    files: FileAccess? = null,
    onSignIn: (() -> Unit)? = null,
    onSignedOut: (() -> Unit)? = null,
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
                val host = Host(desk, navigator, words, person, files, onSignIn, onSignedOut, onLeave)
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
    private val files: FileAccess?,
    private val onSignIn: (() -> Unit)?,
    private val onSignedOut: (() -> Unit)?,
    private val onLeave: (() -> Unit)?,
) {
    private val back: () -> Unit = { if (!navigator.back()) onLeave?.invoke() }

    @Composable
    fun Show(entry: Navigator.Entry) {
        when (val screen = entry.screen) {
            Screen.Account -> Account(entry)
            Screen.Support -> Support(entry)
            Screen.History -> History(entry)
            Screen.NewTicket -> Form(entry, unsent = null)
            is Screen.EditTicket -> Form(entry, screen.ticket)
            is Screen.Thread -> Thread(entry, screen.ticket)
        }
    }

    @Composable
    private fun Account(entry: Navigator.Entry) {
        val (model, leaving) = entry.model { SupportViewModel(desk, it, words.locale.language) to SignOutViewModel(desk, it) }
        val state by model.state.collectAsState()
        val signingOut by leaving.state.collectAsState()
        LaunchedEffect(signingOut) { if (signingOut == SignOutState.Done) onSignedOut?.invoke() }
        val signOut = remember(leaving) { SignOutActions(leaving::ask, leaving::send, leaving::leave, leaving::cancel) }
        AccountScreen(
            person,
            state,
            signingOut,
            onBack = back.takeIf { navigator.canGoBack || onLeave != null },
            signOut = signOut.takeIf { onSignedOut != null },
        ) { navigator.open(Screen.Support) }
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
                    acknowledge = model::acknowledgeRecovery,
                )
            }
        HistoryScreen(state, desk.profile, actions)
    }

    @Composable
    private fun Form(
        entry: Navigator.Entry,
        unsent: Long?,
    ) {
        val model = entry.model { NewTicketViewModel(desk, it, unsent = unsent) }
        val state by model.state.collectAsState()
        // An unsent ticket was opened from its thread, which is below.
        LaunchedEffect(state) {
            (state as? NewTicketState.Created)?.let { if (unsent == null) navigator.replace(Screen.Thread(it.ticket)) else back() }
        }
        DisposableEffect(model) { onDispose(model::leave) }
        val picker = files?.takeIf { unsent == null }
        val actions =
            remember(model, picker) {
                NewTicketActions(
                    back = back,
                    subject = model::subject,
                    issueType = model::issueType,
                    ccEntry = model::ccEntry,
                    removeCc = model::removeCc,
                    editCc = model::editCc,
                    description = model::description,
                    access = model::access,
                    attach = picker?.into(entry, model::attach),
                    detach = model::detach,
                    dismiss = model::dismiss,
                    visited = model::visited,
                    create = model::create,
                    discard = model::discard,
                    reload = model::load,
                )
            }
        NewTicketScreen(state, desk.profile, actions, unsent != null)
        if (unsent != null) AskBeforeLeaving(entry, (state as? NewTicketState.Editing)?.changed == true)
    }

    /** Picks a file for this screen, for as long as it is open; null if the profile takes none. */
    private fun FileAccess.into(
        entry: Navigator.Entry,
        attach: (Path, String) -> Job,
    ): (() -> Unit)? =
        desk.profile.attachments?.let { limits ->
            { entry.launch { pick(limits.maxBytes.toLong()) { file -> attach(file.path, file.name).join() } } }
        }

    /** A new ticket's draft is kept; what was changed in an unsent ticket is not, until it is saved. */
    @Composable
    private fun AskBeforeLeaving(
        entry: Navigator.Entry,
        changed: Boolean,
    ) {
        var asking by rememberSaveable { mutableStateOf(false) }
        val loses by rememberUpdatedState(changed)
        DisposableEffect(entry) {
            entry.stays = { loses.also { asking = it } }
            onDispose { entry.stays = { false } }
        }
        if (asking) {
            DiscardDialog(word("edit.discard"), word("edit.discard.question"), onClose = { asking = false }) {
                entry.stays = { false }
                back()
            }
        }
    }

    @Composable
    private fun Thread(
        entry: Navigator.Entry,
        ticket: Long,
    ) {
        val model = entry.model { ThreadViewModel(desk, it, ticket) }
        val state by model.state.collectAsState()
        LaunchedEffect(state) {
            // What was taken back is in the form again, to be written differently.
            (state as? ThreadState.Gone)?.let { if (it.kept) navigator.replace(Screen.NewTicket) else back() }
        }
        DisposableEffect(model) {
            model.enter()
            onDispose(model::leave)
        }
        val scope = rememberCoroutineScope()
        val actions =
            remember(model, files) {
                ThreadActions(
                    back = back,
                    reply = model::reply,
                    send = model::send,
                    retry = model::retry,
                    discard = model::discard,
                    edit = model::edit,
                    editText = model::editText,
                    saveEdit = model::saveEdit,
                    cancelEdit = model::cancelEdit,
                    editTicket = { navigator.open(Screen.EditTicket(ticket)) },
                    openCc = model::openCc,
                    ccText = model::ccText,
                    saveCc = model::saveCc,
                    closeCc = model::closeCc,
                    solve = model::solve,
                    retryChange = model::retryChange,
                    discardChange = model::discardChange,
                    download = model::download,
                    open =
                        files?.let {
                            { message, place, type -> scope.launch { model.file(message, place)?.let { file -> it.open(file, type) } } }
                        },
                    attach = files?.into(entry, model::attach),
                    detach = model::detach,
                    followUp = { scope.launch { if (model.followUp(aboutTicket(model))) navigator.open(Screen.NewTicket) } },
                    discardReply = model::discardReply,
                    reload = model::reload,
                )
            }
        ThreadScreen(state, desk.profile, actions)
    }

    /** The line above what was written for a ticket that takes no reply any more. */
    private fun aboutTicket(model: ThreadViewModel): String =
        (model.state.value as? ThreadState.Shown)
            ?.ticket
            ?.row
            ?.number
            ?.let { words["reply.follow_up", "number" to it] }
            .orEmpty()
}

package dev.pocketdesk.ui

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalUriHandler
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.FormField
import dev.pocketdesk.bindings.FoundIn
import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.PickedFile
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.account.Connection
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SignOutState
import dev.pocketdesk.kit.account.SignOutViewModel
import dev.pocketdesk.kit.account.SupportViewModel
import dev.pocketdesk.kit.account.connection
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.kit.create.NewTicketViewModel
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.kit.history.HistoryViewModel
import dev.pocketdesk.kit.thread.FindRequest
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.kit.thread.ThreadViewModel
import dev.pocketdesk.ui.account.AccountScreen
import dev.pocketdesk.ui.account.SignOutActions
import dev.pocketdesk.ui.account.SupportScreen
import dev.pocketdesk.ui.articles.ArticleRoutes
import dev.pocketdesk.ui.create.NewTicketActions
import dev.pocketdesk.ui.create.NewTicketScreen
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryPartSaver
import dev.pocketdesk.ui.history.HistoryScreen
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.FileActions
import dev.pocketdesk.ui.parts.LocalConnection
import dev.pocketdesk.ui.parts.openQuietly
import dev.pocketdesk.ui.theme.WithTones
import dev.pocketdesk.ui.thread.FindActions
import dev.pocketdesk.ui.thread.ThreadActions
import dev.pocketdesk.ui.thread.ThreadScreen
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import java.util.Locale

/**
 * All of Pocketdesk's screens, from the account to a thread. With the client of `Pocketdesk.openWithoutAccount`, they begin at Help & Support: what
 * is offered to somebody who has no account yet or cannot sign in. An app shows that beside its sign-in. Put the screens inside
 * [PocketdeskTheme][dev.pocketdesk.ui.theme.PocketdeskTheme] or a Material 3 theme of your own.
 *
 * @param client the open client, usually from [WithClient].
 * @param navigator where the user is. The app keeps it, and calls [Navigator.back] for its back gesture. Another client takes another one.
 * @param person shown on the account screen; null if nobody is signed in.
 * @param language the language of the screens, as a BCP 47 tag. The strings are those of the client's product.
 * @param files the platform's access to files; if null, no attachments are offered and none can be opened.
 * @param onSignIn opens the app's sign-in. Offered when the server refuses the user's token, and where nobody is signed in; null if the app has none.
 * @param onHostCall called with its name when the user chooses an entry of Help & Support that leads back into the app (`host:NAME` in the product
 *   definition). If null, such entries are not shown.
 * @param onSignedOut called when the user has signed out here and the client is closed. If null, signing out is not offered.
 * @param onLeave called for back on the first screen; null if there is nothing to go back to.
 * @param hours24 whether the user wants times with 24 hours, as `DateFormat.is24HourFormat` of Android says; null: as the language does.
 */
@Composable
public fun PocketdeskScreens(
    client: Pocketdesk,
    navigator: Navigator,
    person: Person?,
    modifier: Modifier = Modifier,
    language: String = Locale.getDefault().toLanguageTag(),
    files: FileAccess? = null,
    onSignIn: (() -> Unit)? = null,
    onHostCall: ((name: String) -> Unit)? = null,
    onSignedOut: (() -> Unit)? = null,
    onLeave: (() -> Unit)? = null,
    hours24: Boolean? = null,
) {
    val strings = remember(client, language) { client.strings(language) }
    val connection by remember(client) { client.connection() }.collectAsState(Connection())
    Localized(strings, hours24) {
        WithTones {
            CompositionLocalProvider(LocalConnection provides connection) {
                Surface(modifier, color = MaterialTheme.colorScheme.background) {
                    PaneLayout(navigator) { entry, panes ->
                        val router =
                            ScreenRouter(client, navigator, panes, strings, person, files, onSignIn, onHostCall, onSignedOut, onLeave)
                        router.Show(entry)
                    }
                }
            }
        }
    }
}

/** The connection for the strip of every screen. A store that cannot be read is told by the screens themselves. */
private fun Pocketdesk.connection(): Flow<Connection> =
    status
        .map { it.connection }
        .distinctUntilChanged()
        .catch { if (it !is ClientException) throw it }

/** The message in which something was found; null if it was found elsewhere. */
private val FoundIn.message: Long?
    get() =
        when (this) {
            is FoundIn.Comment -> message
            is FoundIn.Description -> message
            is FoundIn.Field, FoundIn.Number, FoundIn.Subject -> null
        }

/** Connects each screen with its view model and with navigation. */
private class ScreenRouter(
    private val client: Pocketdesk,
    private val navigator: Navigator,
    private val panes: Panes,
    private val strings: Strings,
    private val person: Person?,
    private val files: FileAccess?,
    private val onSignIn: (() -> Unit)?,
    private val onHostCall: ((String) -> Unit)?,
    private val onSignedOut: (() -> Unit)?,
    private val onLeave: (() -> Unit)?,
) {
    private val back: () -> Unit = { if (!navigator.back()) onLeave?.invoke() }

    @Composable
    fun Show(entry: Navigator.Entry) {
        when (val screen = entry.screen) {
            Screen.Account -> if (client.product.anonymous) Support(entry) else Account(entry)
            Screen.Support -> Support(entry)
            Screen.History -> History(entry)
            is Screen.NewTicket -> Form(entry, unsent = null, screen.prefill)
            is Screen.EditTicket -> Form(entry, screen.ticket, prefill = null)
            is Screen.Thread -> Thread(entry, screen)
            Screen.Articles, is Screen.ArticleSection, is Screen.Article -> ArticleRoutes(client, navigator, back).Show(entry)
        }
    }

    @Composable
    private fun Account(entry: Navigator.Entry) {
        val (model, leaving) = entry.model { SupportViewModel(client, it, strings, onHostCall != null) to SignOutViewModel(client, it) }
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
        val model = entry.model { SupportViewModel(client, it, strings, onHostCall != null) }
        val state by model.state.collectAsState()
        val links = LocalUriHandler.current
        val signIn = onSignIn.takeIf { client.product.anonymous }
        SupportScreen(state, back.takeIf { navigator.canGoBack || onLeave != null }, signIn) { target ->
            when (target) {
                HelpTarget.History -> navigator.open(Screen.History)
                HelpTarget.Articles -> navigator.open(Screen.Articles)
                is HelpTarget.NewTicket -> navigator.open(Screen.NewTicket(target.prefill))
                is HelpTarget.Host -> onHostCall?.invoke(target.name)
                is HelpTarget.Link -> links.openQuietly(target.uri.toString())
            }
        }
    }

    @Composable
    private fun History(entry: Navigator.Entry) {
        var part by rememberSaveable(stateSaver = HistoryPartSaver) { mutableStateOf(HistoryPart()) }
        var hits by rememberSaveable { mutableIntStateOf(Pocketdesk.PAGE) }
        val model = entry.model { HistoryViewModel(client, it, part, hits) }
        val state by model.state.collectAsState()
        val controls by model.controls.collectAsState()
        val held by model.part.collectAsState()
        // After the end of the process, the list needs the same rows, and a search as many hits, to be where it was.
        LaunchedEffect(held) {
            if (part.view != held.view) hits = Pocketdesk.PAGE
            part = held
        }
        LaunchedEffect(state) { (state as? HistoryState.Found)?.let { hits = maxOf(hits, it.found.hits.size) } }
        OnBack(entry, held.view.search != null, model::clearSearch)
        val takesTickets = !client.product.anonymous || client.capabilities.anonymous
        val actions =
            remember(model, onSignIn) {
                HistoryActions(
                    back = { if (!navigator.back(entry)) onLeave?.invoke() },
                    open = { navigator.open(Screen.Thread(it), entry) },
                    create = { navigator.open(Screen.NewTicket(), entry) }.takeIf { takesTickets },
                    refresh = model::refresh,
                    showMore = model::showMore,
                    showPrevious = model::showPrevious,
                    signIn = onSignIn,
                    acknowledge = model::acknowledgeRecovery,
                    choose = model::choose,
                    mark = model::mark,
                    markAllRead = model::markAllRead,
                    toggle = model::toggle,
                    clearFilters = model::clearFilters,
                    sortBy = model::sortBy,
                    search = model::search,
                    closeSearch = model::clearSearch,
                    searchServer = model::searchServer,
                    openHit = { hit ->
                        val find =
                            hit.foundIn.message?.let {
                                FindRequest(
                                    model.part.value.view.search
                                        .orEmpty(),
                                    it,
                                )
                            }
                        navigator.open(Screen.Thread(hit.row.id, find), entry)
                    },
                )
            }
        HistoryScreen(state, actions, client.product.anonymous, panes.ticket, controls)
    }

    @Composable
    private fun Form(
        entry: Navigator.Entry,
        unsent: Long?,
        prefill: String?,
    ) {
        val model = entry.model { NewTicketViewModel(client, it, unsent = unsent, prefill = prefill) }
        val state by model.state.collectAsState()
        // An unsent ticket was opened from its thread, which is the screen below.
        LaunchedEffect(state) {
            (state as? NewTicketState.Created)?.let { if (unsent == null) navigator.replace(Screen.Thread(it.ticket)) else back() }
        }
        DisposableEffect(model) { onDispose(model::leave) }
        val picker = files?.takeIf { unsent == null && FormField.ATTACHMENTS in client.product.form }
        val actions =
            remember(model, picker) {
                NewTicketActions(
                    back = back,
                    name = model::name,
                    email = model::email,
                    subject = model::subject,
                    issueType = model::issueType,
                    ccEntry = model::ccEntry,
                    removeCc = model::removeCc,
                    editCc = model::editCc,
                    description = model::description,
                    access = model::access,
                    attach = picker?.pickFor(entry) { model.attach(it) },
                    files = FileActions(model::detach, model::stopAttaching, model::attachSmaller, model::dismiss, model::file),
                    visited = model::visited,
                    create = model::create,
                    discard = model::discard,
                    reload = model::load,
                    openArticle = { navigator.open(Screen.Article(it)) },
                    openTicket = { navigator.open(Screen.Thread(it)) },
                )
            }
        NewTicketScreen(state, client.product, actions, unsent != null)
        if (unsent != null) AskBeforeLeaving(entry, (state as? NewTicketState.Editing)?.changed == true)
    }

    /** Returns a function that lets the user choose files while this screen exists, or null if the product allows no attachments. */
    private fun FileAccess.pickFor(
        entry: Navigator.Entry,
        attach: suspend (List<PickedFile>) -> Unit,
    ): (() -> Unit)? = client.product.attachments?.let { { entry.launch { attach(pick()) } } }

    /** While [isOpen], the way back calls [close] and stays on the screen. */
    @Composable
    private fun OnBack(
        entry: Navigator.Entry,
        isOpen: Boolean,
        close: () -> Unit,
    ) {
        val open by rememberUpdatedState(isOpen)
        val leave by rememberUpdatedState(close)
        DisposableEffect(entry) {
            entry.staysOnBack = { open.also { if (it) leave() } }
            onDispose {
                entry.staysOnBack = { false }
                entry.holdsBack = false
            }
        }
        LaunchedEffect(entry, isOpen) { entry.holdsBack = isOpen }
    }

    /** Asks before changes of an unsent ticket are lost. The draft of a new ticket needs no question: it is saved. */
    @Composable
    private fun AskBeforeLeaving(
        entry: Navigator.Entry,
        changed: Boolean,
    ) {
        var asking by rememberSaveable { mutableStateOf(false) }
        val loses by rememberUpdatedState(changed)
        DisposableEffect(entry) {
            entry.staysOnBack = { loses.also { asking = it } }
            onDispose { entry.staysOnBack = { false } }
        }
        if (asking) {
            DiscardDialog(string("edit.discard"), string("edit.discard.question"), onClose = { asking = false }) {
                entry.staysOnBack = { false }
                back()
            }
        }
    }

    @Composable
    private fun Thread(
        entry: Navigator.Entry,
        screen: Screen.Thread,
    ) {
        val ticket = screen.ticket
        // What is looked for, after the end of the process.
        var sought by rememberSaveable { mutableStateOf(screen.find?.text) }
        val model =
            entry.model { scope ->
                val find = sought?.let { text -> FindRequest(text, screen.find?.message) }
                ThreadViewModel(client, scope, ticket, strings.language, find = find)
            }
        val state by model.state.collectAsState()
        val find = (state as? ThreadState.Shown)?.find
        LaunchedEffect(state) { if (state is ThreadState.Shown) sought = find?.text }
        // From what a search has found, one step leads back to it.
        OnBack(entry, find != null && screen.find == null, model::closeFind)
        // The language may change while the view model stays.
        LaunchedEffect(model, strings) { model.showIn(strings.language) }
        LaunchedEffect(model) { model.newTickets.collect { navigator.open(Screen.NewTicket()) } }
        LaunchedEffect(state) {
            // A ticket that was taken back has become the draft of a new ticket.
            (state as? ThreadState.Removed)?.let { if (it.keptAsDraft) navigator.replace(Screen.NewTicket()) else back() }
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
                    remove = model::remove,
                    removeTicket = model::removeTicket,
                    retryThread = model::retryThread,
                    edit = model::edit,
                    editText = model::editText,
                    saveEdit = model::saveEdit,
                    cancelEdit = model::cancelEdit,
                    editTicket = { navigator.open(Screen.EditTicket(ticket)) },
                    act = model::act,
                    confirmAction = model::confirmAction,
                    cancelAction = model::cancelAction,
                    ccText = model::ccText,
                    saveCc = model::saveCc,
                    closeCc = model::closeCc,
                    toggle = model::setToggle,
                    feedbackAnswer = model::feedbackAnswer,
                    feedbackText = model::feedbackText,
                    sendFeedback = model::sendFeedback,
                    closeFeedback = model::closeFeedback,
                    retryChange = model::retryChange,
                    discardChange = model::discardChange,
                    download = model::download,
                    open =
                        files?.let {
                            { message, index, type -> scope.launch { model.file(message, index)?.let { file -> it.open(file, type) } } }
                        },
                    picture = model::file,
                    thumbnail = model::thumbnail,
                    authorPhoto = model::authorPhoto,
                    attach = files?.takeIf { client.product.filesInReplies }?.pickFor(entry) { model.attach(it) },
                    files = FileActions(model::detach, model::stopAttaching, model::attachSmaller, model::dismiss, model::draftFile),
                    followUp = model::followUp,
                    discardReply = model::discardReply,
                    reload = model::reload,
                    markUnread = {
                        model.markUnread()
                        back()
                    },
                    openTicket = { navigator.open(Screen.Thread(it), entry) },
                    find =
                        FindActions(model::find, model::findNext, model::findPrevious, model::closeFind)
                            .takeIf { client.historyOptions.search },
                )
            }
        ThreadScreen(state, actions, beside = panes.beside != null)
    }
}

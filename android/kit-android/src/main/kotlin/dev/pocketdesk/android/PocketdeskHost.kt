package dev.pocketdesk.android

import android.content.Context
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.ProcessLifecycleOwner
import androidx.work.WorkerFactory
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.kit.BackgroundScheduler
import dev.pocketdesk.kit.Pocketdesk
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Owns the one client of the process. An app makes one host and keeps it for the life of the process, in its `Application` for example.
 *
 * # The story
 *
 * 1. The first call of [client], by a screen or by background work, opens the client through the app's own factory. Every later call returns the
 *    same client, until [forget].
 * 2. From then on the host tells the client whether the app is in front (at least one activity is started), and whether there is
 *    a network.
 * 3. Before each write that leaves something to send, the client asks the [BackgroundScheduler] to start the app in the
 *    background. WorkManager keeps that request when the process ends and when the phone restarts. It starts the worker that
 *    [workerFactory] makes. The worker takes the client from this host, which opens the client if necessary, and sends the unsent
 *    messages.
 * 4. When a push message names a ticket, the app calls [onPush]. The host opens the client if necessary, and the client reads the ticket.
 * 5. [forget] closes the client and withdraws the request when the user signs out, or when somebody signs in who was helped without an account
 *    before. The next call of [client] opens the next client.
 *
 * If the process is killed at any of these steps, the file can be opened again, and WorkManager still has the request.
 *
 * The host never suspends the client: unlike iOS, Android does not kill a process because it holds a file lock in the background.
 *
 * Every function may be called from any thread.
 *
 * @param context any context of the app; its application context is kept.
 * @param scheduler asks the system to start the app in the background, so that it sends.
 * @param connectivity reports whether there is a network.
 * @param app the lifecycle of the whole app.
 * @param open how the app opens the client of the signed-in user: `Pocketdesk.open` with [clientConfig] and the given scheduler. If nobody is signed
 *   in, it returns the client of `Pocketdesk.openWithoutAccount`, or null if the app offers nothing then. Called on a background thread, one call at
 *   a time, when a client is needed and there is none. It must not call this host.
 */
public class PocketdeskHost(
    context: Context,
    private val scheduler: BackgroundScheduler = BackgroundSync(context.applicationContext ?: context),
    private val connectivity: ConnectivityObserver = ConnectivityObserver(context),
    private val app: Lifecycle = ProcessLifecycleOwner.get().lifecycle,
    private val open: suspend (scheduler: BackgroundScheduler) -> Pocketdesk?,
) : AutoCloseable {
    private class Opened(
        val client: Pocketdesk,
        val following: Job,
    )

    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)
    private val lock = Mutex()

    @Volatile
    private var opened: Opened? = null

    /**
     * Makes the worker that sends in the background. Hand it to WorkManager in the app's `Configuration.Provider`. An app with worker factories of
     * its own combines them in a `DelegatingWorkerFactory`.
     */
    public val workerFactory: WorkerFactory = SyncWorkerFactory(this)

    /**
     * Returns the client, and opens it if it is not open yet. Returns null if the factory has none, because nobody is signed in; the next call then
     * asks it again.
     *
     * @throws OpenException the client cannot be opened; the next call asks the factory again.
     */
    public suspend fun client(): Pocketdesk? =
        // In the host's scope, so that a screen that goes away does not cancel an opening that others wait for.
        scope.async { lock.withLock { opened ?: open(scheduler)?.let { Opened(it, follow(it)) }.also { opened = it } }?.client }.await()

    /**
     * Reads the ticket of a push message, whether the app is in front or was just started for the message. Opens the client if it is not open. Sends
     * what is unsent as well. Returns when that is done, or after [limit]; call it where the system keeps the process for that time, as it does while
     * `FirebaseMessagingService.onMessageReceived` runs. Does nothing if the factory has no client.
     *
     * Nothing depends on push messages: what one was about and could not be read is read when the app is next in front.
     *
     * @param ticket the ticket's number, as [PocketdeskPush.ticket][dev.pocketdesk.kit.PocketdeskPush.ticket] has read it.
     * @return false if something is left that another attempt may do, if the client could not be opened, or if its store fails.
     */
    public suspend fun onPush(
        ticket: Long,
        limit: Duration = PUSH_LIMIT,
    ): Boolean =
        attempt {
            val client = client()
            client?.onPush(ticket)
            client == null || !client.syncUntil(limit).more
        }

    /**
     * Closes the client and forgets it. Call it before or after the user signs out of the app, or signs in. It also withdraws the request for
     * background work: what the client has not sent waits until it is opened again. The next call of [client] asks the factory again. If an opening
     * is under way, this waits for it.
     */
    public suspend fun forget() {
        withContext(NonCancellable + Dispatchers.IO) {
            lock.withLock {
                opened?.following?.cancel()
                opened?.client?.close()
                opened = null
                scheduler.cancel()
            }
        }
    }

    /**
     * Closes the client as the end of the process would, and makes the host unusable. Unlike [forget], it leaves the request for background work in
     * place. An app does not need this; tests do.
     */
    override fun close() {
        scope.cancel()
        opened?.client?.close()
    }

    /**
     * Sends the unsent messages, for at most [limit]. Returns false if something is left that another attempt may send, if the client
     * could not be opened, or if its store fails.
     */
    internal suspend fun sendWaiting(limit: Duration): Boolean =
        attempt {
            val client = client()
            client == null || client.status.first().waiting == 0u || !client.syncUntil(limit).more
        }

    /** What [work] returns; false if the client could not be opened, or if its store fails. */
    private inline fun attempt(work: () -> Boolean): Boolean =
        try {
            work()
        } catch (_: ClientException.Closed) {
            // The user has signed out in the meantime.
            true
        } catch (_: ClientException) {
            false
        } catch (_: OpenException) {
            false
        }

    private fun follow(client: Pocketdesk): Job =
        scope.launch {
            launch { connectivity.online.collect { tell { client.setOnline(it) } } }
            launch { inFront().collect { tell { client.setInFront(it) } } }
        }

    /** Reports a change to the client. The next one is reported, too: a store that fails once, for want of space for example, may work again. */
    private suspend fun tell(change: suspend () -> Unit) {
        try {
            change()
        } catch (_: ClientException.Closed) {
            // The user has signed out in the meantime.
            currentCoroutineContext().cancel()
        } catch (_: ClientException) {
            // The client tells its screens what failed.
        }
    }

    private fun inFront() = app.currentStateFlow.map { it.isAtLeast(Lifecycle.State.STARTED) }.distinctUntilChanged()

    private companion object {
        /** FCM lets a service work on a message for some seconds. */
        val PUSH_LIMIT = 8.seconds
    }
}

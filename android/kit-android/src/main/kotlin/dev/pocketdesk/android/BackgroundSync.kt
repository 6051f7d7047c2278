package dev.pocketdesk.sample

import android.content.Context
import androidx.work.BackoffPolicy
import androidx.work.Constraints
import androidx.work.CoroutineWorker
import androidx.work.ExistingWorkPolicy
import androidx.work.ListenableWorker
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequest
import androidx.work.WorkManager
import androidx.work.WorkerFactory
import androidx.work.WorkerParameters
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Waker
import kotlinx.coroutines.flow.first
import java.time.Duration
import kotlin.time.Duration.Companion.minutes

/**
 * Sends what was written although nobody looks at the app any more.
 *
 * 1. Before each write that leaves something to send, [wakeLater] puts one piece of work into WorkManager's own database: unique, so that there is
 *    never more than one, and only to be run with a network. The kit waits until it is there, so whatever is on disk has something that wakes for it.
 * 2. Usually the desk of the running process sends it at once. The work begins half a minute later, finds nothing that waits, and is done.
 * 3. If there is no network, or no process any more, or the phone was off, Android starts the process when there is a network. The application is
 *    made, the worker asks it for the one desk of the process, and lets it work until a deadline.
 * 4. What is left then is tried again with growing pauses; what needs the user is left to the user.
 *
 * Another write replaces the work: one that is running is no loss, since its successor joins what it began.
 */
public class BackgroundSync(
    private val context: Context,
) : Waker {
    override fun wakeLater() {
        val request =
            OneTimeWorkRequest
                .Builder(SyncWorker::class.java)
                .setConstraints(Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build())
                .setInitialDelay(HEAD_START)
                .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, FIRST_PAUSE)
                .build()
        WorkManager
            .getInstance(context)
            .enqueueUniqueWork(WORK, ExistingWorkPolicy.REPLACE, request)
            .result
            .get()
    }

    /** Nothing is to be woken for any more: the user signed out. */
    public fun cancel() {
        WorkManager.getInstance(context).cancelUniqueWork(WORK)
    }

    internal companion object {
        const val WORK = "pocketdesk-sync"

        /** For the desk of the running process, which usually needs no help. */
        val HEAD_START: Duration = Duration.ofSeconds(30)

        /** Doubled by WorkManager at each further attempt, up to five hours. */
        val FIRST_PAUSE: Duration = Duration.ofSeconds(30)
    }
}

/**
 * Makes [BackgroundSync]'s worker, and gives it the desk.
 *
 * Hand it to WorkManager when the application starts, in `Configuration.Provider`; an app with factories of its own puts them together in a
 * `DelegatingWorkerFactory`.
 *
 * @param desk the one desk of the process, opened if it is not open yet; null if nobody is signed in, or if it cannot be opened.
 */
public class SyncWorkerFactory(
    private val desk: suspend () -> Pocketdesk?,
) : WorkerFactory() {
    override fun createWorker(
        appContext: Context,
        workerClassName: String,
        workerParameters: WorkerParameters,
    ): ListenableWorker? = if (workerClassName == SyncWorker::class.java.name) SyncWorker(appContext, workerParameters, desk) else null
}

/** One awakening. */
internal class SyncWorker(
    context: Context,
    parameters: WorkerParameters,
    private val desk: suspend () -> Pocketdesk?,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result =
        try {
            val open = desk()
            when {
                open == null || open.status.first().waiting == 0u -> Result.success()
                // WorkManager gives ten minutes at most; a phone in a pocket is glad of fewer.
                open.syncUntil(2.minutes).more -> Result.retry()
                else -> Result.success()
            }
        } catch (_: DeskException.Closed) {
            // Signed out meanwhile.
            Result.success()
        } catch (_: DeskException) {
            Result.retry()
        }
}

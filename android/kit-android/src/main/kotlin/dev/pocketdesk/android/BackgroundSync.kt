package dev.pocketdesk.android

import android.content.Context
import androidx.work.BackoffPolicy
import androidx.work.Constraints
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequest
import androidx.work.WorkManager
import dev.pocketdesk.kit.BackgroundScheduler
import java.time.Duration

/**
 * Has WorkManager start the app in the background, so that messages are sent even if the user does not open the app again.
 *
 * 1. Before each write that leaves something to send, [schedule] puts one work request into WorkManager's own database. It is unique, so
 *    there is never more than one, and it requires a network. The client waits until the request is stored, so no message waits on disk
 *    without a request, unless WorkManager could not store one.
 * 2. Usually the client of the running process sends at once. The work starts half a minute later, finds no message that waits, and is done.
 * 3. If there is no network, or the process has ended, or the phone was off, Android starts the process as soon as there is a network. The
 *    application creates its [PocketdeskHost]. The worker takes the client from the host and sends, for two minutes at most.
 * 4. Messages that are left then are tried again after growing pauses, except those that need a decision of the user.
 *
 * A further write replaces the request. That also ends a worker that is running. Nothing is lost: the next worker joins the sync under way.
 */
public class BackgroundSync(
    private val context: Context,
) : BackgroundScheduler {
    override fun schedule() {
        val request =
            OneTimeWorkRequest
                .Builder(SyncWorker::class.java)
                .setConstraints(Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build())
                .setInitialDelay(INITIAL_DELAY)
                .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, FIRST_BACKOFF)
                .build()
        WorkManager
            .getInstance(context)
            .enqueueUniqueWork(WORK, ExistingWorkPolicy.REPLACE, request)
            .result
            .get()
    }

    override fun cancel() {
        WorkManager.getInstance(context).cancelUniqueWork(WORK)
    }

    internal companion object {
        const val WORK = "pocketdesk-sync"

        /** Gives the client of the running process time to send by itself. */
        val INITIAL_DELAY: Duration = Duration.ofSeconds(30)

        /** The first pause before another attempt. WorkManager doubles it at each further attempt, up to five hours. */
        val FIRST_BACKOFF: Duration = Duration.ofSeconds(30)
    }
}

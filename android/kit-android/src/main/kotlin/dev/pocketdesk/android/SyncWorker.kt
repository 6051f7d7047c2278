package dev.pocketdesk.android

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.ListenableWorker
import androidx.work.WorkerFactory
import androidx.work.WorkerParameters
import kotlin.time.Duration.Companion.minutes

/** Makes [SyncWorker]s that send with the client of [host], and no other workers. */
internal class SyncWorkerFactory(
    private val host: PocketdeskHost,
) : WorkerFactory() {
    override fun createWorker(
        appContext: Context,
        workerClassName: String,
        workerParameters: WorkerParameters,
    ): ListenableWorker? = if (workerClassName == SyncWorker::class.java.name) SyncWorker(appContext, workerParameters, host) else null
}

/** One run of the work that [BackgroundSync] requested. */
internal class SyncWorker(
    context: Context,
    parameters: WorkerParameters,
    private val host: PocketdeskHost,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result = if (host.sendWaiting(LIMIT)) Result.success() else Result.retry()

    private companion object {
        /** WorkManager allows ten minutes; fewer save battery. */
        val LIMIT = 2.minutes
    }
}

package dev.pocketdesk.android

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import androidx.work.Configuration
import androidx.work.ListenableWorker
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.WorkerFactory
import androidx.work.WorkerParameters
import androidx.work.testing.SynchronousExecutor
import androidx.work.testing.TestDriver
import androidx.work.testing.WorkManagerTestInitHelper
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.android.PhoneNetwork
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.AfterClass
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.BeforeClass
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.seconds

/** Messages are sent although the user does not open the app again. There is no activity in these tests. */
@RunWith(AndroidJUnit4::class)
@Config(application = TestApplication::class)
class BackgroundSyncTest {
    private val application get() = ApplicationProvider.getApplicationContext<TestApplication>()
    private val manager get() = WorkManager.getInstance(application)
    private val driver: TestDriver get() = checkNotNull(WorkManagerTestInitHelper.getTestDriver(application))
    private val workers = Executors.newCachedThreadPool()

    /** Makes workers of the host that the application has when they start: [TestApplication.restart] gives it another. */
    private inner class CurrentHost : WorkerFactory() {
        override fun createWorker(
            appContext: Context,
            workerClassName: String,
            workerParameters: WorkerParameters,
        ): ListenableWorker? = application.host.workerFactory.createWorker(appContext, workerClassName, workerParameters)
    }

    @Before
    fun watchWork() {
        val config =
            Configuration
                .Builder()
                .setExecutor(workers)
                .setTaskExecutor(SynchronousExecutor())
                .setWorkerFactory(CurrentHost())
                .build()
        WorkManagerTestInitHelper.initializeTestWorkManager(application, config)
    }

    @After
    fun close() {
        application.host.close()
        workers.shutdown()
        process.server.heal()
    }

    private val works get() = manager.getWorkInfosForUniqueWorkFlow(BackgroundSync.WORK).mapNotNull { it.singleOrNull() }

    private val work: WorkInfo get() = manager.getWorkInfosForUniqueWork(BackgroundSync.WORK).get().single()

    private suspend fun awaitWork(state: WorkInfo.State) {
        withTimeout(PATIENCE) { works.first { it.state == state } }
    }

    /** Runs [text] without a network, and then ends the process. */
    private suspend fun write(text: suspend (Pocketdesk) -> Unit) {
        val network = PhoneNetwork(application)
        val client = checkNotNull(application.host.client())
        client.status.first { it.firstSyncDone }
        process.server.goOffline()
        network.goOffline()
        text(client)
        application.restart()
        network.goOnline()
    }

    private fun meetConstraint() {
        driver.setInitialDelayMet(work.id)
        driver.setAllConstraintsMet(work.id)
    }

    @Test
    fun `a reply written without a network is sent once there is one although nobody opens the app`() =
        runBlocking {
            val text = "Geschrieben im Tunnel, gesendet aus der Tasche. 📱"
            var number = 0L
            write { client ->
                val row =
                    client
                        .history()
                        .first()
                        .tickets
                        .first { it.status.kind != StatusKind.CLOSED }
                number = checkNotNull(row.number).toLong()
                client.reply(client.replyDraft(row.id).copy(body = text))
            }
            assertEquals(WorkInfo.State.ENQUEUED, work.state)
            process.server.heal()
            assertFalse("it is not sent yet", text in process.server.ticket(number).comments)

            meetConstraint()
            awaitWork(WorkInfo.State.SUCCEEDED)
            assertEquals(
                1,
                process.server
                    .ticket(number)
                    .comments
                    .count { it == text },
            )
        }

    @Test
    fun `what cannot be sent yet is tried again`() =
        runBlocking {
            val subject = "Needs a second attempt"
            write { it.submit(it.ticketDraft().copy(subject = subject, description = "The first one meets a server that is offline.")) }
            meetConstraint()
            withTimeout(PATIENCE) { works.first { it.runAttemptCount == 1 && it.state == WorkInfo.State.ENQUEUED } }
            process.server.heal()
            assertTrue(process.server.tickets(subject).isEmpty())
            meetConstraint()
            awaitWork(WorkInfo.State.SUCCEEDED)
            assertEquals(1, process.server.tickets(subject).size)
        }

    @Test
    fun `many writes are one piece of work`() =
        runBlocking {
            write { client ->
                val ticket = client.submit(client.ticketDraft().copy(subject = "Three writes", description = "And one alarm."))
                repeat(2) { client.reply(client.replyDraft(ticket).copy(body = "Reply ${it + 1}")) }
            }
            assertEquals(WorkInfo.State.ENQUEUED, work.state)
        }

    companion object {
        private val PATIENCE = 30.seconds
        private lateinit var process: SandboxProcess

        @JvmStatic
        @BeforeClass
        fun start() {
            process = SandboxProcess.start("--tickets", "30")
            TestApplication.sandbox = process.server
        }

        @JvmStatic
        @AfterClass
        fun stop() {
            process.close()
        }
    }
}

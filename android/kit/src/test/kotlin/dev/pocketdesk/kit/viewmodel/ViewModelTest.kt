package dev.pocketdesk.kit.viewmodel

import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.SandboxTest
import dev.pocketdesk.kit.configOf
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import org.junit.After

/** Tests of a view model with the real core. */
abstract class ViewModelTest : SandboxTest() {
    /** Where view models run. Ends with the test. */
    protected val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))

    @After
    fun leave() {
        scope.cancel()
    }

    /** Runs [test] with a client of Ada, whose product was changed by [change]. */
    protected fun withClient(
        change: (String) -> String = { it },
        test: suspend (Pocketdesk) -> Unit,
    ) = runBlocking {
        val config = configOf(sandbox, folder).run { copy(product = change(checkNotNull(product))) }
        Pocketdesk.open(config) { "ada-token" }.use { test(it) }
    }
}

package dev.pocketdesk.kit.articles

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.articles
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update

/**
 * The articles of one section of the help centre. Call it from the main thread. It ends with [scope].
 *
 * @param section the `HelpSection.id`.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public class SectionViewModel(
    client: Pocketdesk,
    scope: CoroutineScope,
    section: Long,
) {
    private val attempt = MutableStateFlow(0)

    /** What to show. The store is read while it is collected, and some seconds longer. */
    public val state: StateFlow<SectionState> =
        attempt
            .flatMapLatest {
                client
                    .articles(section)
                    .map { if (it.articles.isEmpty()) SectionState.Empty else SectionState.Shown(it.name, it.articles) }
                    .catch { if (it is ClientException) emit(SectionState.Failed(it.key())) else throw it }
            }.stateIn(scope, WHILE_SUBSCRIBED, SectionState.Loading)

    /** Reads the articles again after a read that failed. */
    public fun reload(): Unit = attempt.update { it + 1 }
}

package dev.pocketdesk.kit.articles

import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.article
import dev.pocketdesk.kit.articleOpened
import dev.pocketdesk.kit.pictureFile
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import dev.pocketdesk.kit.viewmodel.ignoringFailure
import dev.pocketdesk.kit.vote
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.nio.file.Path

/**
 * One help article, its pictures, and the user's answer to whether it was helpful. Call it from the main thread. It ends with [scope].
 *
 * @param article the `ArticleRow.id`.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public class ArticleViewModel(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    private val article: Long,
) {
    private val attempt = MutableStateFlow(0)
    private val failure = MutableStateFlow<String?>(null)

    /** What to show. The store is read while it is collected, and some seconds longer. */
    public val state: StateFlow<ArticleState> =
        combine(attempt.flatMapLatest { content() }, failure) { content, failure ->
            if (content is ArticleState.Shown) content.copy(failure = failure) else content
        }.stateIn(scope, WHILE_SUBSCRIBED, ArticleState.Loading)

    /** The article is on screen: those of its pictures that are not on this device are fetched. Call it again to try again what has failed. */
    public fun fetchPictures() {
        client.background.launch { ignoringFailure { client.articleOpened(article) } }
    }

    /** Returns the path of a picture by its index (from 0) in `Article.pictures` if it is on this device, or null. */
    public suspend fun picture(index: Int): Path? =
        try {
            client.pictureFile(article, index)
        } catch (_: ClientException) {
            null
        }

    /** Says whether the article was helpful. The answer can be changed at any time. */
    public fun vote(helpful: Boolean) {
        failure.value = null
        client.background.launch {
            try {
                client.vote(article, helpful)
            } catch (_: ChangeException.NotOffered) {
                // The article was removed, or nobody is asked any more: the state shows it.
            } catch (e: ChangeException) {
                failure.value = e.key()
            }
        }
    }

    /** Reads the article again after a read that failed. */
    public fun reload(): Unit = attempt.update { it + 1 }

    private fun content(): Flow<ArticleState> =
        client
            .article(article)
            .map { if (it == null) ArticleState.Gone else ArticleState.Shown(it) }
            .catch { if (it is ClientException) emit(ArticleState.Failed(it.key())) else throw it }
}

package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Article
import dev.pocketdesk.bindings.ArticleRow
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.HelpCenter
import dev.pocketdesk.bindings.Similar
import dev.pocketdesk.kit.client.wellFormed
import kotlinx.coroutines.flow.Flow
import java.nio.file.Path

// Help articles: readable without a network once they were read.

/** The articles of a section of the help centre. */
public data class SectionArticles(
    /** The section's name; null if the help desk did not tell it, or if the section is gone. */
    val name: String?,
    /** In the company's order. Empty if the section is gone. */
    val articles: List<ArticleRow>,
)

/**
 * The help centre: the categories and sections that have an article. Emits it now, and after every change.
 *
 * @throws ClientException in the flow, if the store cannot be read.
 */
public fun Pocketdesk.helpCenter(): Flow<HelpCenter> = feed.live({ it.articles }) { onDisk { client.helpCenter() } }

/**
 * The articles of a section. Emits them now, and after every change.
 *
 * @param section the `HelpSection.id`.
 * @throws ClientException in the flow, if the store cannot be read.
 */
public fun Pocketdesk.articles(section: Long): Flow<SectionArticles> =
    feed.live({ it.articles }) {
        onDisk {
            val known =
                client
                    .helpCenter()
                    .categories
                    .flatMap { it.sections }
                    .firstOrNull { it.id == section }
            SectionArticles(known?.name?.takeIf { it.isNotEmpty() }, client.articles(section))
        }
    }

/**
 * An article; null if the company has removed it, or if there never was one with this id. Emits it now, and after every change: of its text, of its
 * pictures, and of what became of the user's answer.
 *
 * @param id the `ArticleRow.id`.
 * @throws ClientException in the flow, if the store cannot be read.
 */
public fun Pocketdesk.article(id: Long): Flow<Article?> = feed.live({ it.articles }) { onDisk { client.article(id) } }

/**
 * Tells the client that the user has opened an article. Those of its pictures that are not on this device are requested, and downloaded when the
 * network allows; [article] shows the progress. A second call requests those again that have failed.
 */
public suspend fun Pocketdesk.articleOpened(id: Long): Unit = onDisk { client.articleOpened(id) }

/**
 * Returns the path of a picture in an article, by its [index] (from 0) in `Article.pictures`, if it is on this device, or null. The file is deleted
 * when newer ones need the space or when the company takes it away. Do not change it.
 */
public suspend fun Pocketdesk.pictureFile(
    article: Long,
    index: Int,
): Path? = onDisk { client.pictureFile(article, index.toUInt())?.let(Path::of) }

/**
 * Says whether an article was helpful. The answer is on disk on return, and is sent when the network allows. A later one replaces an earlier one.
 *
 * @throws ChangeException.NotOffered `Article.asks` is false.
 */
public suspend fun Pocketdesk.vote(
    article: Long,
    helpful: Boolean,
): Unit = enqueue { client.vote(article, helpful) }

/**
 * Returns the articles, and the user's own tickets, whose titles are most like [text], at most five of each. No tickets where there is no history for
 * this user. Nothing is sent: call it while a subject is typed.
 */
public suspend fun Pocketdesk.similar(text: String): Similar = onDisk { client.similar(text.wellFormed()) }

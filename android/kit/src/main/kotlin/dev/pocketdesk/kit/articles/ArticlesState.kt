package dev.pocketdesk.kit.articles

import dev.pocketdesk.bindings.Article
import dev.pocketdesk.bindings.ArticleRow
import dev.pocketdesk.bindings.HelpCategory
import dev.pocketdesk.kit.FoundArticles

/** What the screen with the categories of the help centre shows. */
public sealed interface HelpCenterScreenState {
    /** Nothing was read yet, and the articles are on their way. */
    public data object Loading : HelpCenterScreenState

    /**
     * The articles cannot be loaded now.
     *
     * @property stringKey the reason, a key of [Strings][dev.pocketdesk.kit.Strings].
     */
    public data class Failed(
        val stringKey: String,
    ) : HelpCenterScreenState

    /** Nothing was read yet, and there is no connection. */
    public data object NotYet : HelpCenterScreenState

    /** The company has no article for this user. */
    public data object Empty : HelpCenterScreenState

    /** The articles. */
    public data class Shown(
        /** In the company's order. */
        val categories: List<HelpCategory>,
        /** Whether everything was read once. Until then more may come. */
        val complete: Boolean,
        /** What a search has found; null while nothing is searched for. */
        val found: FoundArticles? = null,
    ) : HelpCenterScreenState
}

/** What the screen with the articles of a section shows. */
public sealed interface SectionState {
    /** The first read. */
    public data object Loading : SectionState

    /**
     * The articles cannot be read.
     *
     * @property stringKey the reason, a key of [Strings][dev.pocketdesk.kit.Strings].
     */
    public data class Failed(
        val stringKey: String,
    ) : SectionState

    /** The section has no article any more. */
    public data object Empty : SectionState

    /** The articles. */
    public data class Shown(
        /** The section's name; null if the help desk did not tell it. */
        val name: String?,
        /** In the company's order. */
        val articles: List<ArticleRow>,
    ) : SectionState
}

/** What the screen of an article shows. */
public sealed interface ArticleState {
    /** The first read. */
    public data object Loading : ArticleState

    /**
     * The article cannot be read.
     *
     * @property stringKey the reason, a key of [Strings][dev.pocketdesk.kit.Strings].
     */
    public data class Failed(
        val stringKey: String,
    ) : ArticleState

    /** The company has removed the article, or has none with this id. */
    public data object Gone : ArticleState

    /** The article. */
    public data class Shown(
        val article: Article,
        /** Why the user's answer could not be stored, a key of [Strings][dev.pocketdesk.kit.Strings]. */
        val failure: String? = null,
    ) : ArticleState
}

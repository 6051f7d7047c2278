//! Help articles (`docs/product.md`, W9): reading them without a network, and saying whether one was helpful.
//!
//! *An answer.* [`Client::vote`] writes it down, one row for each article. A run sends it with what else the user
//! wrote, and the next query shows that it no longer waits. What becomes of it on the way is the story of
//! [`outbox::votes`](crate::outbox::votes).

use std::path::PathBuf;
use std::time::Duration;

use super::Client;
use super::writing::ChangeError;
use crate::model::{Article, ArticleId, ArticleRow, HelpCenter, HelpCenterState, SectionId, Similar};
use crate::outbox::votes;
use crate::query::{closest, telling_words};
use crate::store::StoreError;
use crate::sync::Scope;

/// The most articles, and the most tickets, that are named as being like a text.
const MOST_SIMILAR: usize = 5;

impl Client {
    /// The help centre: the categories and sections that have an article. Ask again when the help centre has changed. A product
    /// without help articles has none.
    pub fn help_center(&self) -> Result<HelpCenter, StoreError> {
        if !self.product.articles {
            return Ok(HelpCenter { state: HelpCenterState::Absent, ..HelpCenter::default() });
        }
        self.store.help_center()
    }

    /// The articles of a section, in the company's order. Empty if the section is gone.
    pub fn articles(&self, section: SectionId) -> Result<Vec<ArticleRow>, StoreError> {
        if self.product.articles { self.store.articles_of(section) } else { Ok(Vec::new()) }
    }

    /// An article; `None` if the company has removed it, if there never was one with this id, or if the product has no
    /// help articles.
    pub fn article(&self, article: ArticleId) -> Result<Option<Article>, StoreError> {
        if !self.product.articles {
            return Ok(None);
        }
        let Some(found) = self.store.article(article)? else { return Ok(None) };
        let translated = self.product.definition.articles.as_ref().and_then(|articles| articles.translated.as_ref());
        Ok(Some(Article {
            note_key: translated.filter(|_| found.translated).map(|key| key.0.clone()),
            asks: found.asks && self.product.article_votes,
            vote: found.vote.filter(|_| self.product.article_votes),
            ..found
        }))
    }

    /// The user has opened an article: asks for those of its pictures that are not on this device. The request is durable, and
    /// they are downloaded when the network allows. Changes are announced as changes of the help centre. Call it again to try
    /// again what has failed.
    pub fn article_opened(&self, article: ArticleId) -> Result<(), StoreError> {
        if self.product.articles && self.store.request_pictures(article, || self.environment.random())? {
            self.ask(Scope::Due);
        }
        Ok(())
    }

    /// The path of a picture (`place` from 0 in [`Article::pictures`]) on this device; `None` if it is not here. As
    /// [`attachment_file`](Self::attachment_file).
    pub fn picture_file(&self, article: ArticleId, place: u32) -> Result<Option<PathBuf>, StoreError> {
        self.store.picture_file(article, place)
    }

    /// Writes down, durably, whether an article was helpful. A later answer replaces an earlier one. Fails with
    /// [`ChangeError::NotOffered`] if the article does not [ask](Article::asks) for it.
    pub fn vote(&self, article: ArticleId, helpful: bool) -> Result<(), ChangeError> {
        if !self.article(article)?.is_some_and(|article| article.asks) || !self.store.vote(article, helpful)? {
            return Err(ChangeError::NotOffered);
        }
        self.ask(Scope::Due);
        Ok(())
    }

    /// The articles, and this user's own tickets, whose titles are most like `text`, at most five of each. Nothing is sent: ask
    /// while a subject is typed.
    pub fn similar(&self, text: &str) -> Result<Similar, StoreError> {
        let titles = if self.product.articles { self.store.article_titles()? } else { Vec::new() };
        let articles = closest(text, titles.into_iter().map(|row| (row.clone(), row.title)), MOST_SIMILAR);
        // Where there is no history, no ticket is shown.
        let is_shown = self.product.history_unavailable(&self.user_facts()).is_none() && !self.product.anonymous;
        let subjects = if is_shown { self.store.own_subjects(&telling_words(text))? } else { Vec::new() };
        let tickets = closest(text, subjects, MOST_SIMILAR).into_iter();
        let tickets = tickets.map(|id| Ok(self.store.ticket(id)?.row)).collect::<Result<_, StoreError>>()?;
        Ok(Similar { articles, tickets })
    }

    /// Whether there are articles for this user, as far as is known. They are read with the user's token, so there are none without
    /// an account.
    pub(super) fn has_articles(&self) -> bool {
        // A file that cannot be read now shows no article either.
        self.product.articles
            && !self.product.anonymous
            && self.store.help_center_state().is_ok_and(|state| state != HelpCenterState::Absent)
    }

    /// How long until an answer is due to be sent; `None` if none waits.
    pub(super) fn vote_due_in(&self) -> Result<Option<Duration>, StoreError> {
        let now = self.environment.now();
        let waiting = self.store.waiting_votes()?;
        Ok(waiting.iter().filter_map(|vote| votes::due_in(vote, self.product.consistency, now)).min())
    }
}

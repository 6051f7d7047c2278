//! Conversions of help articles.

use pocketdesk::model;

use super::same_variants;
use crate::types::{
    Article, ArticleRow, ArticleVote, Attachment, HelpCategory, HelpCenter, HelpCenterState, HelpSection, Similar,
    TicketRow,
};

same_variants! {
    model::HelpCenterState => HelpCenterState { Unknown, Here, Absent }
}

impl From<model::HelpCenter> for HelpCenter {
    fn from(found: model::HelpCenter) -> Self {
        let categories = found.categories.into_iter().map(HelpCategory::from).collect();
        Self { state: found.state.into(), complete: found.complete, categories }
    }
}

impl From<model::HelpCategory> for HelpCategory {
    fn from(category: model::HelpCategory) -> Self {
        let sections = category.sections.into_iter().map(HelpSection::from).collect();
        Self { id: category.id.map(|id| id.0), name: category.name, sections }
    }
}

impl From<model::HelpSection> for HelpSection {
    fn from(section: model::HelpSection) -> Self {
        let parent = section.parent.map(|parent| parent.0);
        Self { id: section.id.0, parent, name: section.name, articles: section.articles }
    }
}

impl From<model::ArticleRow> for ArticleRow {
    fn from(row: model::ArticleRow) -> Self {
        Self { id: row.id.0, section: row.section.0, title: row.title, updated_at: row.updated_at.0 }
    }
}

impl From<model::Article> for Article {
    fn from(article: model::Article) -> Self {
        Self {
            row: article.row.into(),
            body: article.body,
            content: article.content.into(),
            pictures: article.pictures.into_iter().map(Attachment::from).collect(),
            locale: article.locale,
            translated: article.translated,
            outdated: article.outdated,
            shortened: article.shortened,
            note_key: article.note_key,
            asks: article.asks,
            vote: article.vote.map(ArticleVote::from),
        }
    }
}

impl From<model::ArticleVote> for ArticleVote {
    fn from(vote: model::ArticleVote) -> Self {
        Self { helpful: vote.helpful, waiting: vote.waiting }
    }
}

impl From<model::Similar> for Similar {
    fn from(similar: model::Similar) -> Self {
        Self {
            articles: similar.articles.into_iter().map(ArticleRow::from).collect(),
            tickets: similar.tickets.into_iter().map(TicketRow::from).collect(),
        }
    }
}

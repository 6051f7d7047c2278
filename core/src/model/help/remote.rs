//! The help centre in the terms of a server.

use crate::model::{ArticleId, Attachment, CategoryId, SectionId, Structure, Timestamp, Unreadable};

/// One page of articles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticlePage {
    /// The articles, in the server's order.
    pub articles: Vec<RemoteArticle>,
    /// The sections of these articles, as far as the server shows them.
    pub sections: Vec<RemoteSection>,
    /// The categories of these sections, as far as the server shows them.
    pub categories: Vec<RemoteCategory>,
    /// The cursor of the next page; `None` on the last page. On a sorted page any text means that there is a next page.
    pub next: Option<String>,
    /// The articles that were left out because they could not be read.
    pub unreadable: Unreadable,
}

/// An article in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteArticle {
    /// The id, the same in every language.
    pub id: ArticleId,
    /// The section in which it is.
    pub section: SectionId,
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// The format of the text: paragraphs, lists, links, pictures; `None` for plain text.
    pub structure: Option<Structure>,
    /// The pictures in it. The structure names them by their index.
    pub pictures: Vec<Attachment>,
    /// Whether the text was cut because it is too large to keep.
    pub shortened: bool,
    /// The language of this text.
    pub locale: String,
    /// The language in which the article was written first.
    pub source_locale: String,
    /// When anything of the article last changed, by the server's clock.
    pub updated_at: Timestamp,
    /// When its text in this language last changed, by the server's clock.
    pub edited_at: Timestamp,
    /// Whether the original was changed since it was translated.
    pub outdated: bool,
    /// Whether the company puts it above others.
    pub promoted: bool,
    /// Its position in the section; lower comes first.
    pub position: i64,
}

/// A section: what articles are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSection {
    /// The id.
    pub id: SectionId,
    /// The category in which it is, if the server tells it.
    pub category: Option<CategoryId>,
    /// The section in which it is, if it is in one.
    pub parent: Option<SectionId>,
    /// The name.
    pub name: String,
    /// Its position in the category; lower comes first.
    pub position: i64,
}

/// A category: what sections are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteCategory {
    /// The id.
    pub id: CategoryId,
    /// The name.
    pub name: String,
    /// Its position among the categories; lower comes first.
    pub position: i64,
}

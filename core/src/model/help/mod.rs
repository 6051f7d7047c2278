//! The help centre: categories, sections and articles, as the server has them and as screens show them
//! (`docs/product.md`, W9).

mod remote;

use super::{ArticleId, Attachment, Body, CategoryId, SectionId, TicketRow, Timestamp};

pub use remote::{ArticlePage, RemoteArticle, RemoteCategory, RemoteSection};

/// Whether there is a help centre for this user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpCenterState {
    /// The server was not asked yet.
    #[default]
    Unknown,
    /// There is one.
    Here,
    /// The server has none for this user.
    Absent,
}

impl HelpCenterState {
    /// Every state, with the name under which it is stored.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Unknown, "unknown"), (Self::Here, "here"), (Self::Absent, "absent")];

    /// The name under which it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("unknown", |(_, name)| name)
    }

    /// The state with that name. A name stored by a later version is read as [`Unknown`](Self::Unknown): the server is asked.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == name).map_or(Self::Unknown, |(state, _)| *state)
    }
}

/// The help centre, as a screen shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct HelpCenter {
    /// Whether there is one.
    pub state: HelpCenterState,
    /// Whether everything was read once. Until then what is here may be a part.
    pub complete: bool,
    /// The categories that have an article, in the company's order.
    pub categories: Vec<HelpCategory>,
}

/// A category of help articles.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HelpCategory {
    /// The server's id; `None` for the articles of which no category is known.
    pub id: Option<CategoryId>,
    /// The name; empty for the articles of which no category is known.
    pub name: String,
    /// The sections that have an article, in the company's order.
    pub sections: Vec<HelpSection>,
}

/// A section of help articles.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HelpSection {
    /// The server's id.
    pub id: SectionId,
    /// The section in which it is, if it is in one.
    pub parent: Option<SectionId>,
    /// The name; empty if the server did not tell it.
    pub name: String,
    /// How many articles it has itself.
    pub articles: u32,
}

/// One row of a list of articles.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ArticleRow {
    /// The server's id.
    pub id: ArticleId,
    /// The section in which it is.
    pub section: SectionId,
    /// The title.
    pub title: String,
    /// When its text was last changed, by the server's clock.
    pub updated_at: Timestamp,
}

/// An article, as its screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Article {
    /// What a list shows of it.
    #[serde(flatten)]
    pub row: ArticleRow,
    /// The plain text.
    pub body: String,
    /// The text with its structure, as it is shown.
    pub content: Body,
    /// The pictures in it. The blocks of [`content`](Self::content) name them by their index.
    pub pictures: Vec<Attachment>,
    /// Its language, as the help centre writes it.
    pub locale: String,
    /// Whether it is a translation of an article in another language.
    pub translated: bool,
    /// Whether the original was changed since it was translated.
    pub outdated: bool,
    /// Whether the text was too long to keep, and its end is missing.
    pub shortened: bool,
    /// The key of what the product says about translations, if this is one.
    pub note_key: Option<String>,
    /// Whether the user is asked if it was helpful.
    pub asks: bool,
    /// The user's answer on this device; `None` if there is none.
    pub vote: Option<ArticleVote>,
}

/// The user's answer to "Was this helpful?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ArticleVote {
    /// Whether it was.
    pub helpful: bool,
    /// Whether the answer waits to be sent.
    pub waiting: bool,
}

/// What is like a text that the user types.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Similar {
    /// Articles, the closest first.
    pub articles: Vec<ArticleRow>,
    /// The user's own tickets, the closest first.
    pub tickets: Vec<TicketRow>,
}

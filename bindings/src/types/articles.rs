//! Help articles.

use super::{Attachment, MessageBody, TicketRow};

/// Whether there is a help centre for this user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum HelpCenterState {
    /// The server was not asked yet.
    Unknown,
    /// There is one.
    Here,
    /// The server has none for this user, or the product shows none.
    Absent,
}

/// The help centre.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HelpCenter {
    /// Whether there is one.
    pub state: HelpCenterState,
    /// Whether everything was read once. Until then what is here may be a part.
    pub complete: bool,
    /// The categories that have an article, in the company's order.
    pub categories: Vec<HelpCategory>,
}

/// A category of help articles.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HelpCategory {
    /// The server's id; none for the articles of which no category is known. They come last, under the string `articles.other`.
    pub id: Option<i64>,
    /// The name; empty for the articles of which no category is known.
    pub name: String,
    /// The sections that have an article, in the company's order.
    pub sections: Vec<HelpSection>,
}

/// A section of help articles.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HelpSection {
    /// The server's id.
    pub id: i64,
    /// The section in which it is, if it is in one.
    pub parent: Option<i64>,
    /// The name; empty if the server did not tell it. Then the string `articles.other` stands for it.
    pub name: String,
    /// How many articles it has itself.
    pub articles: u32,
}

/// One row of a list of articles.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ArticleRow {
    /// The server's id, the same in every language.
    pub id: i64,
    /// The section in which it is.
    pub section: i64,
    /// The title.
    pub title: String,
    /// When its text was last changed, in milliseconds since 1970 by the server's clock.
    pub updated_at: i64,
}

/// An article.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Article {
    /// What a list shows of it.
    pub row: ArticleRow,
    /// The plain text.
    pub body: String,
    /// The text with its structure: what a screen shows. A picture names its place in `pictures`.
    pub content: MessageBody,
    /// The pictures in it. `article_opened` requests them.
    pub pictures: Vec<Attachment>,
    /// Its language, as the help centre writes it (`en-us`).
    pub locale: String,
    /// Whether it is a translation of an article in another language.
    pub translated: bool,
    /// Whether the original was changed since it was translated.
    pub outdated: bool,
    /// Whether the text was too long to keep, and its end is missing.
    pub shortened: bool,
    /// The key of what stands above a translation: that the original is authoritative, for example. None if nothing does.
    pub note_key: Option<String>,
    /// Whether the user is asked if it was helpful.
    pub asks: bool,
    /// The user's answer; none if there is none.
    pub vote: Option<ArticleVote>,
}

/// The user's answer to whether an article was helpful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct ArticleVote {
    /// Whether it was.
    pub helpful: bool,
    /// Whether the answer waits to be sent.
    pub waiting: bool,
}

/// What is like a text that is being typed, the closest first.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Similar {
    /// Articles, at most five.
    pub articles: Vec<ArticleRow>,
    /// The user's own tickets, at most five.
    pub tickets: Vec<TicketRow>,
}

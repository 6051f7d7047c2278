//! The interface between sync and a help desk: the trait [`Remote`].
//!
//! Each service has one module below this one, and only that module knows the service's JSON, paths and status codes. A
//! connector returns the types of [`model`](crate::model). A failure is returned as a [`Failure`], which tells the
//! caller what to do next and not what happened on the wire.
//!
//! A connector does not rely on the server's order, and a ticket's absence from a list proves nothing. A list that is
//! read by cursor may be in any order. An answer without the ids or the state of paging that it must have is a
//! temporary failure and never data. Everything else may be odd: an odd value costs that value, and an odd row costs
//! that row ([`json`]). One place decides what a refusal means ([`refusal`]).

mod html;
mod json;
mod refusal;
pub mod rt;
mod text;
pub mod zendesk;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use uuid::Uuid;

pub use text::pasted;

use crate::model::{
    Answered, ArticleId, ArticlePage, Capabilities, CommentPage, DownloadFailure, Failure, Outcome, PersonId,
    RateLimit, ReasonKind, RemoteExtras, RemoteTicket, RemoteUser, SetUp, Sink, Target, TicketList, TicketNumber,
    TicketPage, Traffic, UploadFile, Uploaded, WantedExtras, Write,
};

/// A help desk, for one signed-in end user. Only [`sync`](crate::sync) makes requests with it. Files may be transferred
/// while another call is under way; all other calls are made one at a time.
#[async_trait]
pub trait Remote: Send + Sync {
    /// The capabilities of this server. They do not change during the connector's life.
    fn capabilities(&self) -> Capabilities;

    /// Starts a run. Asks the host app for a token. If the token is new, asks the server whose token it is before
    /// anything else is sent or stored. `bound` is the user to whom the account's file belongs; `None` before the first
    /// contact.
    ///
    /// If the token belongs to another user than `bound`, the error is
    /// [`WrongUser`](crate::model::ReasonKind::WrongUser). Where the server says that the user works for the help desk, it is
    /// [`AgentToken`](crate::model::ReasonKind::AgentToken). The host app may also provide such a token in the middle of
    /// a run. Then the method that asked for the token returns this error.
    async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure>;

    /// What the company has set up, in the words that end users read, in the language `language` (a BCP 47 tag) where the
    /// server has it. Nothing of it changes what can be done, so it may be read late or not at all.
    async fn set_up(&self, _language: &str) -> Outcome<SetUp> {
        Ok(Answered { value: SetUp::default(), server: None })
    }

    /// Finds out which lists this user has, where that can change while the same token is used (`docs/product.md`, S16). Called
    /// before a run reads lists, and when the server refuses one. After an error [`lists`](Self::lists) is what it was.
    async fn find_lists(&self, _me: &RemoteUser) -> Outcome<()> {
        Ok(Answered { value: (), server: None })
    }

    /// The lists whose union is this user's history, the most important one first. Each list has rights and a watermark
    /// of its own.
    fn lists(&self, me: &RemoteUser) -> Vec<TicketList>;

    /// Page `page` (from 1) of `list`, with `rows` (1 to 100) tickets on a page, sorted by last update, newest first.
    async fn sorted_page(&self, list: &TicketList, page: u32, rows: u32) -> Outcome<TicketPage>;

    /// The page of `list` after `cursor`, or the first page if there is no cursor, with `rows` (1 to 100) tickets. The
    /// order is the server's own. A server may send more or fewer rows, and a row twice. The cursor is also valid with
    /// another number of rows, so that a page that was too slow or [too large](Failure::is_too_much) can be halved.
    async fn list_page(&self, list: &TicketList, cursor: Option<&str>, rows: u32) -> Outcome<TicketPage>;

    /// Page `page` (from 1) of this user's own tickets, sorted by creation, newest first.
    async fn latest_created(&self, page: u32) -> Outcome<TicketPage>;

    /// What the server's own search finds of `list`: at most `rows` (1 to 100) tickets, those with the newest update first. `text`
    /// is what a user has typed, and is never syntax. `None` if the server cannot search for anything in it, or not in this list.
    ///
    /// A server without the [capability](Capabilities::search) needs no method of its own.
    async fn search(&self, _list: &TicketList, _text: &str, _rows: u32) -> Outcome<Option<TicketPage>> {
        Ok(Answered { value: None, server: None })
    }

    /// The ticket with this number.
    async fn ticket(&self, number: TicketNumber) -> Outcome<RemoteTicket>;

    /// The page of a ticket's thread after `cursor`, or its first page, of about `rows` (1 to 100) comments. The newest
    /// comments are on the first pages where the server can sort them so, but nobody may rely on it. The description is
    /// the oldest comment. The cursor is also valid with another number of rows.
    async fn comments(&self, number: TicketNumber, cursor: Option<&str>, rows: u32) -> Outcome<CommentPage>;

    /// The cursor of the page behind the first `passed` comments of a thread, in the order of [`comments`](Self::comments).
    /// Whoever cannot read a comment, because it is too large, passes it with this. `None` if the service has no such
    /// cursor.
    fn comments_behind(&self, _passed: u64) -> Option<String> {
        None
    }

    /// The exact bytes that [`deliver`](Self::deliver) will send. This is a pure function: the same write gives the
    /// same bytes.
    fn encode(&self, write: &Write) -> Vec<u8>;

    /// Sends the bytes that [`encode`](Self::encode) made, unchanged. `key` is the same for every attempt at this
    /// write. `files` are the message's files, in the order of its uploads, if the server takes them [with their
    /// message](crate::model::FileDelivery::WithMessage); otherwise it is empty.
    ///
    /// After an error nothing was applied, unless the error is [`TryAgain`](Failure::TryAgain) with
    /// [`Reached::Maybe`](crate::model::Reached::Maybe). A connector returns that error also if the server applied a
    /// part of the write, or applied it and can no longer show it.
    async fn deliver(&self, target: Target, body: &[u8], files: &[UploadFile], key: Uuid) -> Outcome<RemoteTicket>;

    /// What the server has for this user beside `ticket`, which was just read (`docs/product.md`, S14, S15).
    ///
    /// A server without the capabilities [`feedback`](Capabilities::feedback) and [`toggles`](Capabilities::toggles) needs
    /// no method of its own.
    async fn extras(&self, _ticket: &RemoteTicket, _wanted: WantedExtras) -> Outcome<RemoteExtras> {
        Ok(Answered { value: RemoteExtras::default(), server: None })
    }

    /// Sends feedback or a toggle, with the bytes that [`encode`](Self::encode) made of it. Errors mean the same as those of
    /// [`deliver`](Self::deliver). [`Gone`](Failure::Gone) says that the ticket is not there.
    async fn deliver_extra(&self, _number: TicketNumber, _body: &[u8], _key: Uuid) -> Outcome<()> {
        Err(Failure::needs(ReasonKind::Unsupported).into())
    }

    /// Sends a new ticket without an account (`docs/product.md`, W11), with the bytes that [`encode`](Self::encode) made of
    /// it. No token is asked for and none is sent. Returns the ticket's number, if the answer tells it. Errors mean the same
    /// as those of [`deliver`](Self::deliver). Nothing of such a ticket can be read afterwards.
    ///
    /// A server without the [capability](Capabilities::anonymous) needs no method of its own.
    async fn deliver_anonymously(&self, _body: &[u8], _key: Uuid) -> Outcome<Option<TicketNumber>> {
        Err(Failure::needs(ReasonKind::Unsupported).into())
    }

    /// The language of the help centre that is the first of `wanted` (BCP 47 tags), or else the help centre's own, as the other
    /// methods want it. `None` if the server itself says that there is no help centre for this user.
    ///
    /// A server without the capability [`articles`](Capabilities::articles) needs none of these methods.
    async fn help_center(&self, _wanted: &[String]) -> Outcome<Option<String>> {
        Ok(Answered { value: None, server: None })
    }

    /// The page of all articles in a language after `cursor`, or the first one, with `rows` (1 to 100) articles. As for
    /// [`list_page`](Self::list_page), the order is the server's own, and the cursor is valid with another number of
    /// rows. `None` if the server itself says that there is no help centre for this user.
    async fn article_page(&self, _locale: &str, _cursor: Option<&str>, _rows: u32) -> Outcome<Option<ArticlePage>> {
        Ok(Answered { value: None, server: None })
    }

    /// Page `page` (from 1) of the articles in a language, sorted by last change, newest first. `None` as for
    /// [`article_page`](Self::article_page).
    async fn newest_articles(&self, _locale: &str, _page: u32, _rows: u32) -> Outcome<Option<ArticlePage>> {
        Ok(Answered { value: None, server: None })
    }

    /// Sets this user's answer to whether an article was helpful. It replaces an earlier one, so repeating it is harmless.
    /// [`NotAllowed`](Failure::NotAllowed) says that the server takes no answer from this user, and [`Gone`](Failure::Gone) that
    /// the article is not there.
    async fn vote(&self, _locale: &str, _article: ArticleId, _helpful: bool) -> Outcome<()> {
        Err(Failure::needs(ReasonKind::Unsupported).into())
    }

    /// Uploads a file, so that a later write can name it. A file that no write names is visible to nobody and expires.
    /// An ambiguous outcome therefore needs no check: the upload is repeated. If the server takes files [with their
    /// message](crate::model::FileDelivery::WithMessage), nothing is sent, and the token describes the file to
    /// [`encode`](Self::encode).
    async fn upload(&self, file: &UploadFile) -> Outcome<Uploaded>;

    /// Downloads the file at `address`, which came from the server in an [`Attachment`](crate::model::Attachment), into
    /// `sink`. It starts at the byte `offset` if the server can do that. The token is sent only to the server's own
    /// origin, and not along redirects.
    async fn download(&self, address: &str, offset: u64, sink: &mut dyn Sink) -> Result<(), DownloadFailure>;

    /// A number that changes whenever requests begin to carry another token. Two answers prove something about each other
    /// only if they were given to the same token.
    fn credential(&self) -> u64 {
        0
    }

    /// What the last answer that told a rate limit said of it; `None` if none did.
    fn rate_limit(&self) -> Option<RateLimit>;

    /// How many requests this connector has made, and how many bytes their answers had. Files that are downloaded into
    /// a sink do not count.
    fn traffic(&self) -> Traffic;
}

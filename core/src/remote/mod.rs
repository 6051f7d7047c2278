//! A help desk, as sync sees it: the [`Remote`] trait, and what its answers mean.
//!
//! Each service has one module of its own below this one, and only that module knows the service's JSON, paths and
//! status codes. What comes out is in the words of [`model`](crate::model); what went wrong comes out as a [`Failure`],
//! which says what to do next rather than what happened on the wire.
//!
//! Nothing here trusts the desk with order or presence. A list may come in any order when walked by cursor; an absent
//! ticket proves nothing; an answer of the wrong shape is "try again", never data.

mod answer;
mod files;
mod http;
mod origin;
mod reqwest;
pub mod rt;
mod session;
mod text;
pub mod zendesk;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use url::Url;
use uuid::Uuid;

pub use self::files::{DownloadFailure, Landing, Sink, SinkError, UploadFile, Uploaded};
pub use self::http::{
    Body, FileBody, Http, HttpFailure, HttpRequest, HttpResponse, Intake, Method, Piece, Pieces, Unwanted,
};
pub use self::reqwest::{ReqwestHttp, SetupError};
pub use self::text::{normalise, same_text};
use crate::environment::Timestamp;
use crate::model::{Attachment, CommentId, DeskStatus, PersonId, Reason, ReasonKind, TicketNumber};
use crate::profile::{Profile, ProfileError};

/// Which service a desk is: the host app's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connector {
    /// Zendesk, or a desk that speaks like it.
    #[default]
    Zendesk,
    /// Request Tracker 5.
    RequestTracker,
}

impl Connector {
    /// The profile for a desk of this service, as JSON, unless the host app brings one.
    #[must_use]
    pub fn profile_json(self) -> &'static str {
        match self {
            Self::Zendesk => crate::profile::BUILT_IN,
            Self::RequestTracker => rt::PROFILE,
        }
    }

    pub(crate) fn connect(
        self,
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        profile: &Profile,
    ) -> Result<Box<dyn Remote>, ProfileError> {
        Ok(match self {
            Self::Zendesk => Box::new(zendesk::Zendesk::new(address, http, tokens, profile)),
            Self::RequestTracker => Box::new(rt::Rt::new(address, http, tokens, profile)?),
        })
    }
}

/// A help desk for one signed-in end user. Called by [`sync`](crate::sync) only, one call at a time.
#[async_trait]
pub trait Remote: Send + Sync {
    /// What this desk can do, as data for core and screens. The same for the connector's whole life.
    fn capabilities(&self) -> Capabilities;

    /// Starts a run: asks for a token and, whenever the token is a new one, for whom it speaks, before anything else is
    /// sent or stored. `bound` is the user this file belongs to; `None` at first contact.
    ///
    /// A token of somebody else than `bound` is [`ReasonKind::SomebodyElse`], also if it turns up in the middle of a run.
    async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure>;

    /// The lists whose union is this user's history, the most important first. Each has rights and a watermark of its own.
    fn lists(&self, me: &RemoteUser) -> Vec<TicketList>;

    /// Page `page` (from 1) of `list` in pages of `rows` (1 to 100), sorted by last update, newest first.
    async fn newest(&self, list: &TicketList, page: u32, rows: u32) -> Result<TicketPage, Failure>;

    /// The page of `list` behind `cursor` (`None`: the first), in whatever order the desk likes.
    async fn walk(&self, list: &TicketList, cursor: Option<&str>) -> Result<TicketPage, Failure>;

    /// Page `page` (from 1) of this user's own tickets, sorted by creation, newest first.
    async fn latest_created(&self, page: u32) -> Result<TicketPage, Failure>;

    /// One ticket.
    async fn ticket(&self, number: TicketNumber) -> Result<RemoteTicket, Failure>;

    /// A ticket's whole thread, the description first as the first comment.
    async fn thread(&self, number: TicketNumber) -> Result<RemoteThread, Failure>;

    /// The exact bytes that [`deliver`](Self::deliver) will send. Pure: the same write gives the same bytes.
    fn encode(&self, write: &Write) -> Vec<u8>;

    /// The desk's own clock, as its last answer told it; `None` if it tells no time. It is what shows how much time has
    /// passed between two answers when the device's clock may have jumped.
    fn desk_time(&self) -> Option<Timestamp>;

    /// Sends what [`encode`](Self::encode) made, unchanged. `key` is the same for every attempt at this write. `files` are the
    /// message's, in the order of its uploads, where they [travel with it](FilesTravel::WithMessage); else there are none.
    ///
    /// An error says that nothing was applied, unless it is [`TryAgain`](Failure::TryAgain) with [`Reached::Maybe`]: what
    /// the desk did in part, or did and cannot show any more, is that.
    async fn deliver(
        &self,
        target: Target,
        body: &[u8],
        files: &[UploadFile],
        key: Uuid,
    ) -> Result<RemoteTicket, Failure>;

    /// Sends a file, for a later write to name. One that no write names is seen by nobody, and expires: an unclear outcome is
    /// no doubt, the upload is simply made again. Where files [travel with their message](FilesTravel::WithMessage), this
    /// sends nothing, and what it gives describes the file to [`encode`](Self::encode).
    async fn upload(&self, file: &UploadFile) -> Result<Uploaded, Failure>;

    /// Fetches the file at `address`, as the desk named it in an [`Attachment`], into `sink`, from its byte `offset` on where
    /// the desk can do that. The token goes to the desk's own origin only, and along no redirect.
    async fn download(&self, address: &str, offset: u64, sink: &mut dyn Sink) -> Result<(), DownloadFailure>;

    /// What this connector has asked and been answered since it was made.
    fn traffic(&self) -> Traffic;
}

/// What a desk can do, through its connector. What it cannot do is not offered ([`Profile::within`]); a call for it anyway is
/// refused, and nothing is sent. What the trait has no call for (feedback, the desk's own search, push) no desk has.
///
/// [`Profile::within`]: crate::profile::Profile::within
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The same creation again under the same key makes no second ticket, however soon it comes. Without it the outbox alone
    /// sees to that, by looking before it sends again.
    pub idempotent_create: bool,
    /// The desk keeps the reference of a new ticket, and its lists show it.
    pub client_reference: bool,
    /// The desk shows a ticket to the users of the account exactly if its access says so (C5).
    pub access: bool,
    /// Addresses can be added to a sent ticket (W12).
    pub add_cc: bool,
    /// Users can mark their own tickets as solved (S15).
    pub solve: bool,
    /// The users of an account share what was read (W8); without it that is known on each device for itself.
    pub shared_read_marks: bool,
    /// How files get there.
    pub files: FilesTravel,
    /// The largest file that the desk takes, in bytes.
    pub largest_file: u64,
    /// A download that was cut off goes on where it was; without it, it begins again.
    pub resumed_downloads: bool,
}

/// How files get to a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilesTravel {
    /// Each by itself, before the message that names it.
    BeforeMessage,
    /// In the same request as their message.
    WithMessage,
}

/// What the desk was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests that were sent, answered or not.
    pub requests: u64,
    /// Bytes of the answers' bodies.
    pub bytes: u64,
}

impl Traffic {
    /// What came since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(earlier.requests),
            bytes: self.bytes.saturating_sub(earlier.bytes),
        }
    }
}

/// Which list, as this connector names it; kept in the store beside the list's watermark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketList(pub String);

/// Whom the token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteUser {
    /// The desk's id of this user; the file is bound to it.
    pub id: PersonId,
    /// As the desk knows it.
    pub name: String,
    /// The user's own address, so that it is not mailed twice (C3).
    pub email: Option<String>,
    /// The account the user belongs to.
    pub organization: Option<i64>,
}

/// One page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketPage {
    /// In the order in which they came.
    pub tickets: Vec<RemoteTicket>,
    /// The cursor of the next page when walked; for sorted pages any text means that there is one.
    pub next: Option<String>,
    /// How many rows all pages have; known of sorted pages only, and not of every desk.
    pub count: Option<u64>,
}

/// A ticket as a list or a show answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteTicket {
    /// The desk's number.
    pub number: TicketNumber,
    /// As it stands at the desk.
    pub subject: String,
    /// The text of the first comment, if the desk sends it along.
    pub description: Option<String>,
    /// The desk's own word.
    pub status: DeskStatus,
    /// By the desk's clock.
    pub created_at: Timestamp,
    /// By the desk's clock. Private notes and automations move it, too.
    pub updated_at: Timestamp,
    /// Who asked.
    pub requester: PersonId,
    /// The wire value of the issue type.
    pub issue_type: Option<String>,
    /// Accessible to all users of the account; `None` if the desk does not say.
    pub access: Option<bool>,
    /// The reference this or another device gave it at creation.
    pub client_reference: Option<String>,
    /// The newest comment that some user of the account has read, where the desk shares that (W8).
    pub read_through: Option<CommentId>,
}

/// A whole thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteThread {
    /// Public comments, oldest first.
    pub comments: Vec<RemoteComment>,
    /// Who wrote them, as far as the desk says.
    pub people: Vec<RemotePerson>,
    /// The desk's clock when the first part of it came: all of it is at least this new, less what a reading may be stale.
    /// `None` if the desk tells no time.
    pub as_of: Option<Timestamp>,
}

/// A public comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteComment {
    /// Ascending within a ticket.
    pub id: CommentId,
    /// Who wrote it.
    pub author: PersonId,
    /// Plain text.
    pub body: String,
    /// By the desk's clock.
    pub created_at: Timestamp,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

/// Somebody who wrote in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePerson {
    /// The desk's id.
    pub id: PersonId,
    /// As the desk shows it to end users.
    pub name: String,
    /// Works for the desk.
    pub agent: bool,
}

/// Something the user wrote, on its way to the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A new ticket.
    Create {
        /// Trimmed, one line.
        subject: String,
        /// The description.
        description: String,
        /// The wire value of the issue type.
        issue_type: String,
        /// Addresses that the desk mails.
        cc: Vec<String>,
        /// Accessible to all users of the account.
        access: bool,
        /// Where the profile maps a field for it: how this ticket is recognised after a lost answer.
        reference: String,
        /// What the desk gave for the files that were sent before, in their order.
        uploads: Vec<String>,
    },
    /// A reply.
    Reply {
        /// Plain text.
        body: String,
        /// What the desk gave for the files that were sent before, in their order.
        uploads: Vec<String>,
    },
    /// More addresses for a ticket.
    AddCc {
        /// Addresses that the desk mails from now on.
        addresses: Vec<String>,
    },
    /// The ticket is solved.
    Solve,
    /// The thread was read, for the other users of the account to know (W8).
    MarkRead {
        /// The newest comment that was read.
        through: CommentId,
    },
}

/// Where a write goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A new ticket.
    NewTicket,
    /// An existing one.
    Ticket(TicketNumber),
    /// How far an existing one was read.
    ReadMark(TicketNumber),
}

/// What an answer that is not "done" means for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The same may work later. `after` is the desk's own wish (`Retry-After`).
    TryAgain {
        /// What is wrong, for the user's banner.
        trouble: Trouble,
        /// Not before this much time has passed.
        after: Option<Duration>,
        /// Whether a write may have been applied all the same.
        reached: Reached,
    },
    /// It cannot go on without the user: signed out, somebody else signed in, or refused in the desk's own words.
    NeedsUser(Reason),
    /// The desk forbids it (403).
    NotAllowed,
    /// Not there, or no longer visible to this user (404, 410).
    Gone,
    /// The desk does not know the uploads that a write names, or no longer: nothing was applied. They have to be made again.
    UploadsRefused {
        /// The desk's own words, if it gave any.
        words: Option<String>,
    },
}

impl Failure {
    /// The desk was not reached at all; nothing can have been applied.
    #[must_use]
    pub fn unreachable() -> Self {
        Self::TryAgain { trouble: Trouble::Unreachable, after: None, reached: Reached::No }
    }

    /// The desk answered what it should not have; a write may have been applied.
    #[must_use]
    pub fn misbehaves() -> Self {
        Self::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::Maybe }
    }

    /// The user has to do something, and the desk said nothing about it.
    #[must_use]
    pub fn needs(kind: ReasonKind) -> Self {
        Self::NeedsUser(Reason { kind, words: None })
    }
}

/// What is wrong with the desk or the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No connection, or it broke.
    Unreachable,
    /// Too many requests (429), or a conflict of two writes (409): not applied.
    Busy,
    /// An error of the desk's own (5xx).
    Faulty,
    /// An answer that is none: HTML, a redirect, JSON of the wrong shape, a link to another place.
    Misbehaves,
    /// The host app cannot give a token at the moment.
    NoToken,
}

/// Whether a write that was not answered may have been applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Certainly not.
    No,
    /// It may: find out before sending again.
    Maybe,
}

/// The host app's way to a token. At most one call at a time; bounded in time by whoever implements it.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// An end user's bearer token. `refused`: the desk refused the last one, a fresh one is needed.
    async fn token(&self, refused: bool) -> Result<String, TokenFailure>;
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure {
    /// The user has to sign in.
    #[error("signed out")]
    SignedOut,
    /// Not now: no network, a locked key store, no answer in time, a fault in the host app.
    #[error("no token at the moment")]
    Unavailable,
}

//! A help desk, as sync sees it: the [`Remote`] trait, and what its answers mean.
//!
//! Each service has one module of its own below this one, and only that module knows the service's JSON, paths and
//! status codes. What comes out is in the words of [`model`](crate::model); what went wrong comes out as a [`Failure`],
//! which says what to do next rather than what happened on the wire.
//!
//! Nothing here trusts the server with order or presence. A list may come in any order when walked by cursor; an absent
//! ticket proves nothing; an answer of the wrong shape is "try again", never data.

mod html;
pub mod rt;
pub mod zendesk;

use async_trait::async_trait;
use uuid::Uuid;

use crate::model::{
    Capabilities, DownloadFailure, Failure, PersonId, RemoteThread, RemoteTicket, RemoteUser, Sink, Target, TicketList,
    TicketNumber, TicketPage, Timestamp, Traffic, UploadFile, Uploaded, Write,
};

/// A help desk for one signed-in end user. Called by [`sync`](crate::sync) only, one call at a time.
#[async_trait]
pub trait Remote: Send + Sync {
    /// What this server can do, as data for core and screens. The same for the connector's whole life.
    fn capabilities(&self) -> Capabilities;

    /// Starts a run: asks for a token and, whenever the token is a new one, for whom it speaks, before anything else is
    /// sent or stored. `bound` is the user this file belongs to; `None` at first contact.
    ///
    /// A token of somebody else than `bound` is [`ReasonKind::WrongUser`], also if it turns up in the middle of a run.
    async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure>;

    /// The lists whose union is this user's history, the most important first. Each has rights and a watermark of its own.
    fn lists(&self, me: &RemoteUser) -> Vec<TicketList>;

    /// Page `page` (from 1) of `list` in pages of `rows` (1 to 100), sorted by last update, newest first.
    async fn newest(&self, list: &TicketList, page: u32, rows: u32) -> Result<TicketPage, Failure>;

    /// The page of `list` behind `cursor` (`None`: the first), in whatever order the server likes.
    async fn walk(&self, list: &TicketList, cursor: Option<&str>) -> Result<TicketPage, Failure>;

    /// Page `page` (from 1) of this user's own tickets, sorted by creation, newest first.
    async fn latest_created(&self, page: u32) -> Result<TicketPage, Failure>;

    /// One ticket.
    async fn ticket(&self, number: TicketNumber) -> Result<RemoteTicket, Failure>;

    /// A ticket's whole thread, the description first as the first comment.
    async fn thread(&self, number: TicketNumber) -> Result<RemoteThread, Failure>;

    /// The exact bytes that [`deliver`](Self::deliver) will send. Pure: the same write gives the same bytes.
    fn encode(&self, write: &Write) -> Vec<u8>;

    /// The server's own clock, as its last answer told it; `None` if it tells no time. It is what shows how much time has
    /// passed between two answers when the device's clock may have jumped.
    fn server_time(&self) -> Option<Timestamp>;

    /// Sends what [`encode`](Self::encode) made, unchanged. `key` is the same for every attempt at this write. `files` are the
    /// message's, in the order of its uploads, where they [travel with it](FileDelivery::WithMessage); else there are none.
    ///
    /// An error says that nothing was applied, unless it is [`TryAgain`](Failure::TryAgain) with [`Reached::Maybe`]: what
    /// the server did in part, or did and cannot show any more, is that.
    async fn deliver(
        &self,
        target: Target,
        body: &[u8],
        files: &[UploadFile],
        key: Uuid,
    ) -> Result<RemoteTicket, Failure>;

    /// Sends a file, for a later write to name. One that no write names is seen by nobody, and expires: an unclear outcome is
    /// no doubt, the upload is simply made again. Where files [travel with their message](FileDelivery::WithMessage), this
    /// sends nothing, and what it gives describes the file to [`encode`](Self::encode).
    async fn upload(&self, file: &UploadFile) -> Result<Uploaded, Failure>;

    /// Fetches the file at `address`, as the server named it in an [`Attachment`], into `sink`, from its byte `offset` on where
    /// the server can do that. The token goes to the server's own origin only, and along no redirect.
    async fn download(&self, address: &str, offset: u64, sink: &mut dyn Sink) -> Result<(), DownloadFailure>;

    /// What this connector has asked and been answered since it was made.
    fn traffic(&self) -> Traffic;
}

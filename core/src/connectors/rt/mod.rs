//! Request Tracker 5, through its REST 2 interface: what an end user's app may see and do.
//!
//! A call starts in [`Rt`], and each has its own [`connection`]. [`read`], [`thread`], [`write`](mod@write), [`files`]
//! or [`articles`] decide which requests it takes. [`calls`] sends them through the [`session`](crate::net::session),
//! which adds the token, and [`refusal`](crate::connectors::refusal) interprets an answer's status. [`wire`] knows the
//! shapes of the service's JSON, and [`map`] turns it into types of the model. The names that a company has chosen are
//! in [`settings`].
//!
//! The ids of the model are the service's own row numbers: of users (not their login names, which can change), of
//! tickets, and of the rows of a ticket's history. The latter ascend and serve as the ids of comments.
//!
//! The service lacks several things that core relies on: a path for "me", idempotency, a notice when it drops or
//! refuses a value, shared read marks, and an upload apart from the message. A module that works around one of them
//! explains how.
//!
//! A rule on the server shares a ticket with an account; the connector only sets a field. All tickets that the server
//! shows to the user are in one list.

mod articles;
mod calls;
mod connection;
mod custom_fields;
mod files;
mod map;
mod parts;
mod read;
mod settings;
#[cfg(test)]
mod tests;
mod thread;
mod wire;
mod write;

use std::sync::PoisonError;

use async_trait::async_trait;
use uuid::Uuid;

use self::calls::LARGEST_PAGE;
pub use self::connection::Rt;
use self::files::FileHead;
use self::write::EncodedWrite;
use crate::connectors::Remote;
use crate::model::{
    ArticlePage, Capabilities, CommentPage, DownloadFailure, Failure, FileDelivery, Outcome, PersonId, RateLimit,
    ReasonKind, RemoteTicket, RemoteUser, Sink, Target, TicketList, TicketNumber, TicketPage, Traffic, UploadFile,
    Uploaded, Write,
};

/// The only list: every ticket that the user may see.
const VISIBLE: &str = "visible";

#[async_trait]
impl Remote for Rt {
    fn capabilities(&self) -> Capabilities {
        let settings = &self.connection.settings;
        let fields = &settings.fields;
        Capabilities {
            idempotent_create: false,
            client_reference: true,
            access: fields.access.is_some(),
            add_cc: fields.add_cc.is_some(),
            solve: settings.solved().is_some(),
            shared_read_marks: false,
            files: FileDelivery::WithMessage,
            largest_file: settings.largest_file,
            resumed_downloads: false,
            // It compares letters only, and finds no word with an umlaut in a message that was sent in another encoding.
            search: false,
            follow_up: false,
            anonymous: false,
            // A group's right to see the queue's tickets shows them in the same list.
            organization_view: true,
            articles: settings.articles,
            // It asks nobody whether an article was helpful.
            article_votes: false,
            feedback: false,
            toggles: false,
        }
    }

    async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure> {
        let user = self.connection.session.begin(bound).await?;
        *self.connection.me.lock().unwrap_or_else(PoisonError::into_inner) = Some(user.id);
        Ok(user)
    }

    fn lists(&self, _: &RemoteUser) -> Vec<TicketList> {
        vec![TicketList(VISIBLE.to_owned())]
    }

    async fn sorted_page(&self, list: &TicketList, page: u32, rows: u32) -> Outcome<TicketPage> {
        check_list(list)?;
        let call = self.call();
        let order = [("LastUpdated", "DESC"), ("id", "DESC")];
        call.session.dated(call.tickets("id > 0", &order, page, rows).await)
    }

    async fn list_page(&self, list: &TicketList, cursor: Option<&str>, rows: u32) -> Outcome<TicketPage> {
        check_list(list)?;
        let call = self.call();
        call.session.dated(call.page_after(cursor, rows).await)
    }

    async fn latest_created(&self, page: u32) -> Outcome<TicketPage> {
        let call = self.call();
        let order = [("Created", "DESC"), ("id", "DESC")];
        call.session.dated(call.tickets("Requestor.id = '__CurrentUser__'", &order, page, call.page_size).await)
    }

    async fn ticket(&self, number: TicketNumber) -> Outcome<RemoteTicket> {
        let call = self.call();
        call.session.dated(call.by_number(number).await)
    }

    async fn comments(&self, number: TicketNumber, cursor: Option<&str>, rows: u32) -> Outcome<CommentPage> {
        let call = self.call();
        call.session.dated(call.thread_page(number, cursor, rows).await)
    }

    fn encode(&self, write: &Write) -> Vec<u8> {
        serde_json::to_vec(&write::encode(write, &self.connection.settings)).unwrap_or_default()
    }

    async fn deliver(&self, target: Target, body: &[u8], files: &[UploadFile], key: Uuid) -> Outcome<RemoteTicket> {
        let call = self.call();
        // A body that cannot be parsed was written by another version.
        let outcome = match (serde_json::from_slice(body).unwrap_or(EncodedWrite::Unsupported), target) {
            (EncodedWrite::Create { request, files: heads }, Target::NewTicket) => {
                call.create(request, &heads, files, key).await
            }
            (EncodedWrite::Reply { request, files: heads }, Target::Ticket(number)) => {
                call.reply(number, &request, &heads, files, key).await
            }
            (EncodedWrite::Solve { request }, Target::Ticket(number)) => call.solve(number, &request, key).await,
            (EncodedWrite::AddCc { request }, Target::Ticket(number)) => call.add_cc(number, &request, key).await,
            _ => Err(Failure::needs(ReasonKind::Unsupported)),
        };
        call.session.dated(outcome)
    }

    async fn help_center(&self, _wanted: &[String]) -> Outcome<Option<String>> {
        let call = self.call();
        call.session.dated(call.article_language().await)
    }

    async fn article_page(&self, _locale: &str, cursor: Option<&str>, rows: u32) -> Outcome<Option<ArticlePage>> {
        let call = self.call();
        call.session.dated(call.article_page(cursor, rows).await)
    }

    async fn newest_articles(&self, _locale: &str, page: u32, rows: u32) -> Outcome<Option<ArticlePage>> {
        let call = self.call();
        call.session.dated(call.newest_articles(page, rows.clamp(1, LARGEST_PAGE)).await)
    }

    async fn upload(&self, file: &UploadFile) -> Outcome<Uploaded> {
        if file.size > self.connection.settings.largest_file {
            return Err(Failure::needs(ReasonKind::AttachmentTooLarge).into());
        }
        let head = FileHead { name: file.name.clone(), content_type: file.content_type.clone(), size: file.size };
        let token = serde_json::to_string(&head).map_err(|_| Failure::misbehaves())?;
        self.connection.session.fresh().dated(Ok(Uploaded { token, expires_at: None }))
    }

    async fn download(&self, address: &str, _offset: u64, sink: &mut dyn Sink) -> Result<(), DownloadFailure> {
        self.call().fetch(address, sink).await
    }

    fn credential(&self) -> u64 {
        self.connection.session.credential_number()
    }

    fn rate_limit(&self) -> Option<RateLimit> {
        self.connection.session.rate_limit()
    }

    fn traffic(&self) -> Traffic {
        self.connection.session.traffic()
    }
}

fn check_list(list: &TicketList) -> Result<(), Failure> {
    // An unknown name was stored by another version, and tells nothing about the list.
    if list.0 == VISIBLE { Ok(()) } else { Err(Failure::misbehaves()) }
}

//! Request Tracker 5, through its second REST interface: what an end user's app may see and do.
//!
//! A call goes [`Rt`] → [`read`], [`write`] or [`files`] (what is asked, in which steps) → [`calls`] and [`classify`] (what an
//! answer's status means) → [`session`](crate::net::session) (under whose token) → the network, and comes back through [`wire`] (the
//! service's JSON) and [`map`] (the model's words). What a company has named its own way is in [`settings`].
//!
//! The numbers that the model needs are the service's own row numbers: of users (never their login names, which change), of
//! tickets, and of the rows of a ticket's history, which ascend and are the comments' ids. The service has no path for "me",
//! no idempotency, no notice of what was dropped or refused, no way to share what was read, and no upload apart from the
//! message; each of these is told where it is dealt with.
//!
//! Whoever shares a ticket with their account is the server's own rule's work: the connector sets a field, and shows what the
//! server lets the user see, in one list.

mod calls;
mod classify;
mod connection;
mod custom_fields;
mod files;
mod map;
mod read;
mod settings;
#[cfg(test)]
mod tests;
mod wire;
mod write;

use std::sync::PoisonError;

use async_trait::async_trait;
use uuid::Uuid;

pub use self::connection::Rt;
use self::files::FileHead;
use self::write::Bytes;
use crate::connectors::Remote;
use crate::model::{
    Capabilities, DownloadFailure, Failure, FileDelivery, PersonId, ReasonKind, RemoteThread, RemoteTicket, RemoteUser,
    Sink, Target, TicketList, TicketNumber, TicketPage, Timestamp, Traffic, UploadFile, Uploaded, Write,
};

/// A product for this connector, as JSON: the built-in one over a Request Tracker whose fields and statuses have the names in
/// its part `connector`. A company changes the names to its own.
pub const PRODUCT: &str = include_str!("../../../products/impact-mobile/request-tracker.json");

/// The one list: everything that this user may see.
const VISIBLE: &str = "visible";

#[async_trait]
impl Remote for Rt {
    fn capabilities(&self) -> Capabilities {
        let fields = &self.settings.fields;
        Capabilities {
            idempotent_create: false,
            client_reference: true,
            access: fields.access.is_some(),
            add_cc: fields.add_cc.is_some(),
            solve: self.settings.solved().is_some(),
            shared_read_marks: false,
            files: FileDelivery::WithMessage,
            largest_file: self.settings.largest_file,
            resumed_downloads: false,
        }
    }

    async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure> {
        let user = self.session.begin(bound).await?;
        *self.me.lock().unwrap_or_else(PoisonError::into_inner) = Some(user.id);
        Ok(user)
    }

    fn lists(&self, _: &RemoteUser) -> Vec<TicketList> {
        vec![TicketList(VISIBLE.to_owned())]
    }

    async fn newest(&self, list: &TicketList, page: u32, rows: u32) -> Result<TicketPage, Failure> {
        is_visible(list)?;
        self.tickets("id > 0", &[("LastUpdated", "DESC"), ("id", "DESC")], page, rows).await
    }

    async fn walk(&self, list: &TicketList, cursor: Option<&str>) -> Result<TicketPage, Failure> {
        is_visible(list)?;
        self.walked(cursor).await
    }

    async fn latest_created(&self, page: u32) -> Result<TicketPage, Failure> {
        let order = [("Created", "DESC"), ("id", "DESC")];
        self.tickets("Requestor.id = '__CurrentUser__'", &order, page, self.page_size).await
    }

    async fn ticket(&self, number: TicketNumber) -> Result<RemoteTicket, Failure> {
        self.one(number).await
    }

    async fn thread(&self, number: TicketNumber) -> Result<RemoteThread, Failure> {
        self.whole_thread(number).await
    }

    fn encode(&self, write: &Write) -> Vec<u8> {
        serde_json::to_vec(&write::bytes(write, &self.settings)).unwrap_or_default()
    }

    fn server_time(&self) -> Option<Timestamp> {
        self.session.server_time()
    }

    async fn deliver(
        &self,
        target: Target,
        body: &[u8],
        files: &[UploadFile],
        key: Uuid,
    ) -> Result<RemoteTicket, Failure> {
        // Bytes that this version cannot read were written by another one.
        match (serde_json::from_slice(body).unwrap_or(Bytes::Unsupported), target) {
            (Bytes::Create { request, files: heads }, Target::NewTicket) => {
                self.create(request, &heads, files, key).await
            }
            (Bytes::Reply { request, files: heads }, Target::Ticket(number)) => {
                self.reply(number, &request, &heads, files, key).await
            }
            (Bytes::Solve { request }, Target::Ticket(number)) => self.solve(number, &request, key).await,
            (Bytes::AddCc { request }, Target::Ticket(number)) => self.add_cc(number, &request, key).await,
            _ => Err(Failure::needs(ReasonKind::Unsupported)),
        }
    }

    async fn upload(&self, file: &UploadFile) -> Result<Uploaded, Failure> {
        if file.size > self.settings.largest_file {
            return Err(Failure::needs(ReasonKind::AttachmentTooLarge));
        }
        let head = FileHead { name: file.name.clone(), content_type: file.content_type.clone(), size: file.size };
        let token = serde_json::to_string(&head).map_err(|_| Failure::misbehaves())?;
        Ok(Uploaded { token, expires_at: None })
    }

    async fn download(&self, address: &str, _offset: u64, sink: &mut dyn Sink) -> Result<(), DownloadFailure> {
        self.fetch(address, sink).await
    }

    fn traffic(&self) -> Traffic {
        self.session.traffic()
    }
}

fn is_visible(list: &TicketList) -> Result<(), Failure> {
    // A name that this version does not know was stored by another one: not a word of the server's about the list.
    if list.0 == VISIBLE { Ok(()) } else { Err(Failure::misbehaves()) }
}

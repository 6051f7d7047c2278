//! Zendesk, through its requests API: what an end user's app may see and do.
//!
//! A call starts in [`Zendesk`], and its [`Connection`] chooses path and page. [`calls`] sends it through the
//! [`session`](crate::net::session), which adds the token, and [`classify`] interprets the answer's status. [`wire`]
//! parses the service's JSON, and [`map`] turns it into types of the model.
//!
//! Sorted pages are requested by number, complete lists by cursor. The address of the next page is always built here,
//! from `after_cursor`. The links in an answer are only checked: if one leads to another origin, the whole answer is
//! rejected.

mod calls;
mod classify;
mod fields;
mod files;
mod map;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use url::Url;
use uuid::Uuid;

use self::calls::{Bearer, Call, ask, ask_naming_uploads};
use self::classify::Asked;
use self::fields::FieldIds;
use crate::connectors::Remote;
use crate::model::{
    Capabilities, CommentPage, DownloadFailure, Failure, FileDelivery, Outcome, PersonId, RateLimit, RemoteTicket,
    RemoteUser, Sink, Target, TicketList, TicketNumber, TicketPage, Traffic, Unreadable, UploadFile, Uploaded, Write,
};
use crate::net::session::Session;
use crate::net::{Body, Http, Tokens};
use crate::product::Product;

/// The largest page that the service returns, in rows.
const LARGEST_PAGE: u32 = 100;

/// The largest file that the service accepts, in bytes.
const LARGEST_FILE: u64 = 50_000_000;

/// A Zendesk server, or one that is compatible.
pub struct Zendesk {
    connection: Connection,
}

/// The connection for one call.
struct Connection {
    session: Session,
    fields: FieldIds,
    page_size: u32,
    /// Properties of the server that no answer reveals, so that the product has to state them: whether the access field
    /// is enforced, and whether read marks are shared.
    enforces_access: bool,
    shares_read_marks: bool,
}

impl Zendesk {
    /// The server at `address`, of which only the origin is used. Tokens are sent to https, or to http on this device.
    /// With any other address nothing is ever sent, and every call fails with [`Failure::TryAgain`].
    pub fn new(address: Url, http: Arc<dyn Http>, tokens: Arc<dyn Tokens>, product: &Product) -> Self {
        let connection = Connection {
            session: Session::new(address, &Bearer, http, tokens),
            fields: FieldIds::of(product),
            page_size: product.sync.page_size.clamp(1, LARGEST_PAGE),
            enforces_access: product.access_toggle,
            shares_read_marks: product.shared_read_marks,
        };
        Self { connection }
    }

    /// The connection for one more call, whose answers have their own times.
    fn call(&self) -> Connection {
        Connection { session: self.connection.session.fresh(), ..self.connection }
    }
}

impl Connection {
    async fn numbered_page(&self, path: &str, by: &str, page: u32, rows: u32) -> Result<TicketPage, Failure> {
        let (page, per_page) = (page.to_string(), rows.clamp(1, LARGEST_PAGE).to_string());
        let query = [("page", &*page), ("per_page", &*per_page), ("sort_by", by), ("sort_order", "desc")];
        let answer: wire::SortedPage = ask(&self.session, Call::read(path, &query)).await?;
        if !self.session.owns(answer.next_page.as_deref()) {
            return Err(Failure::misbehaves());
        }
        let tickets = self.tickets(answer.requests)?;
        Ok(TicketPage { tickets, next: answer.next_page, count: answer.count, unreadable: Unreadable::default() })
    }

    /// Reads one page by cursor.
    async fn cursor_page<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        cursor: Option<&str>,
    ) -> Result<T, Failure> {
        let size = self.page_size.to_string();
        let mut query = vec![("page[size]", &*size)];
        query.extend(cursor.map(|cursor| ("page[after]", cursor)));
        ask(&self.session, Call::read(path, &query)).await
    }

    /// The cursor of the next page, if there is one. `cursor` is the one that led to this page; if the next one is the
    /// same, the answer is rejected.
    fn next_cursor(&self, position: wire::Position, cursor: Option<&str>) -> Result<Option<String>, Failure> {
        if !self.session.owns(position.links.next.as_deref()) {
            return Err(Failure::misbehaves());
        }
        if !position.meta.has_more {
            return Ok(None);
        }
        match position.meta.after_cursor {
            Some(after) if !after.is_empty() && Some(&*after) != cursor => Ok(Some(after)),
            _ => Err(Failure::misbehaves()),
        }
    }

    fn tickets(&self, requests: Vec<wire::Request>) -> Result<Vec<RemoteTicket>, Failure> {
        requests.into_iter().map(|request| self.mapped(request)).collect()
    }

    fn mapped(&self, request: wire::Request) -> Result<RemoteTicket, Failure> {
        map::ticket(request, self.fields).ok_or_else(Failure::misbehaves)
    }

    async fn list_page(&self, list: &TicketList, cursor: Option<&str>) -> Result<TicketPage, Failure> {
        let page: wire::CursorPage = self.cursor_page(&path_of(list)?, cursor).await?;
        Ok(TicketPage {
            next: self.next_cursor(page.position, cursor)?,
            tickets: self.tickets(page.requests)?,
            ..TicketPage::default()
        })
    }

    async fn ticket(&self, number: TicketNumber) -> Result<RemoteTicket, Failure> {
        let answer: wire::RequestAnswer = ask(&self.session, Call::read(&request_path(number), &[])).await?;
        self.mapped(answer.request).and_then(|ticket| of_ticket(number, ticket))
    }

    async fn comments(&self, number: TicketNumber, cursor: Option<&str>) -> Result<CommentPage, Failure> {
        let path = format!("{}/comments", request_path(number));
        let page: wire::CommentPage = self.cursor_page(&path, cursor).await?;
        // End users must not see private notes. If the server sends one by mistake, it is dropped here.
        let shown = page.comments.into_iter().filter(|comment| comment.public != Some(false));
        let comments = shown.map(|comment| map::comment(comment).ok_or_else(Failure::misbehaves));
        Ok(CommentPage {
            comments: comments.collect::<Result<_, _>>()?,
            people: page.users.into_iter().map(map::person).collect(),
            next: self.next_cursor(page.position, cursor)?,
            unreadable: Unreadable::default(),
        })
    }

    async fn deliver(&self, target: Target, body: &[u8], key: Uuid) -> Result<RemoteTicket, Failure> {
        let (asked, path, key) = match target {
            // The service honours the key for creation only.
            Target::NewTicket => (Asked::Create, List::Own.path(), Some(key.to_string())),
            Target::Ticket(number) => (Asked::Change, request_path(number), None),
            Target::ReadMark(number) => (Asked::Change, format!("{}/read_mark", request_path(number)), None),
        };
        let call = Call { asked, path: &path, query: &[], body: Body::Json(body.to_vec()), key };
        let answer: wire::RequestAnswer = if wire::names_uploads(body) {
            ask_naming_uploads(&self.session, call).await?
        } else {
            ask(&self.session, call).await?
        };
        let ticket = self.mapped(answer.request)?;
        match target {
            Target::NewTicket => Ok(ticket),
            Target::Ticket(number) | Target::ReadMark(number) => of_ticket(number, ticket),
        }
    }
}

#[async_trait]
impl Remote for Zendesk {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            idempotent_create: true,
            client_reference: self.connection.fields.client_reference.is_some(),
            access: self.connection.enforces_access && self.connection.fields.access.is_some(),
            add_cc: true,
            solve: true,
            shared_read_marks: self.connection.shares_read_marks,
            files: FileDelivery::BeforeMessage,
            largest_file: LARGEST_FILE,
            resumed_downloads: true,
        }
    }

    async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure> {
        self.connection.session.begin(bound).await
    }

    fn lists(&self, me: &RemoteUser) -> Vec<TicketList> {
        let organization = me.organization.map(List::Organization);
        [Some(List::Own), organization, Some(List::Copied)].into_iter().flatten().map(List::name).collect()
    }

    async fn sorted_page(&self, list: &TicketList, page: u32, rows: u32) -> Outcome<TicketPage> {
        let call = self.call();
        let path = path_of(list)?;
        call.session.dated(call.numbered_page(&path, "updated_at", page, rows).await)
    }

    async fn list_page(&self, list: &TicketList, cursor: Option<&str>) -> Outcome<TicketPage> {
        let call = self.call();
        call.session.dated(call.list_page(list, cursor).await)
    }

    async fn latest_created(&self, page: u32) -> Outcome<TicketPage> {
        let call = self.call();
        call.session.dated(call.numbered_page(&List::Own.path(), "created_at", page, call.page_size).await)
    }

    async fn ticket(&self, number: TicketNumber) -> Outcome<RemoteTicket> {
        let call = self.call();
        call.session.dated(call.ticket(number).await)
    }

    async fn comments(&self, number: TicketNumber, cursor: Option<&str>) -> Outcome<CommentPage> {
        let call = self.call();
        call.session.dated(call.comments(number, cursor).await)
    }

    fn encode(&self, write: &Write) -> Vec<u8> {
        wire::body(write, self.connection.fields).to_string().into_bytes()
    }

    async fn deliver(&self, target: Target, body: &[u8], _files: &[UploadFile], key: Uuid) -> Outcome<RemoteTicket> {
        let call = self.call();
        call.session.dated(call.deliver(target, body, key).await)
    }

    async fn upload(&self, file: &UploadFile) -> Outcome<Uploaded> {
        let call = self.call();
        call.session.dated(files::upload(&call.session, file).await)
    }

    async fn download(&self, address: &str, offset: u64, sink: &mut dyn Sink) -> Result<(), DownloadFailure> {
        files::download(&self.call().session, address, offset, sink).await
    }

    fn rate_limit(&self) -> Option<RateLimit> {
        self.connection.session.rate_limit()
    }

    fn traffic(&self) -> Traffic {
        self.connection.session.traffic()
    }
}

/// Rejects an answer about another ticket than the requested one.
fn of_ticket(number: TicketNumber, ticket: RemoteTicket) -> Result<RemoteTicket, Failure> {
    if ticket.number == number { Ok(ticket) } else { Err(Failure::misbehaves()) }
}

fn request_path(number: TicketNumber) -> String {
    format!("/api/v2/requests/{number}")
}

fn path_of(list: &TicketList) -> Result<String, Failure> {
    // An unknown name was stored by another version, and tells nothing about the list.
    List::parse(list).map(List::path).ok_or_else(Failure::misbehaves)
}

/// The service's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    /// The user's own tickets.
    Own,
    /// Tickets that the user is copied on, as far as the server shows them.
    Copied,
    /// The tickets of the organization that the server shows.
    Organization(i64),
}

impl List {
    fn name(self) -> TicketList {
        TicketList(match self {
            Self::Own => "own".to_owned(),
            Self::Copied => "copied".to_owned(),
            Self::Organization(id) => format!("organization:{id}"),
        })
    }

    fn parse(list: &TicketList) -> Option<Self> {
        match &*list.0 {
            "own" => Some(Self::Own),
            "copied" => Some(Self::Copied),
            name => name.strip_prefix("organization:")?.parse().ok().map(Self::Organization),
        }
    }

    fn path(self) -> String {
        match self {
            Self::Own => "/api/v2/requests".to_owned(),
            Self::Copied => "/api/v2/requests/ccd".to_owned(),
            Self::Organization(id) => format!("/api/v2/organizations/{id}/requests"),
        }
    }
}

//! Zendesk, through its requests API: what an end user's app may see and do.
//!
//! A call starts in [`Zendesk`], and its [`Connection`] chooses path and page. [`calls`] sends it through the
//! [`session`](crate::net::session), which adds the token, and [`classify`] interprets the answer's status. [`map`] turns
//! the service's JSON into types of the model, row by row; [`wire`] encodes writes. [`set_up`] reads what the company has
//! defined, and [`values`] what a ticket says in these terms.
//!
//! Sorted pages are requested by number, complete lists and threads by cursor ([`paging`](lists::paging)). A thread is requested
//! newest first. A server that ignores this sends the comments in another order, which is allowed.

mod anonymous;
mod articles;
mod attachments;
mod calls;
mod classify;
mod extras;
mod fields;
mod files;
mod lists;
mod map;
mod set_up;
#[cfg(test)]
mod tests;
mod values;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use url::Url;
use uuid::Uuid;

use self::calls::{Bearer, Call, ask, ask_naming_uploads, document};
use self::extras::ExtraSettings;
use self::fields::Fields;
use self::lists::paging::{Order, Place};
use self::lists::{List, Lists, path_of, search};
use self::map::Mapping;
use crate::connectors::Remote;
use crate::connectors::json::{Json, Row, Rows};
use crate::connectors::refusal::Asked;
use crate::model::{
    ArticleId, ArticlePage, Capabilities, CommentPage, DownloadFailure, Failure, FileDelivery, Outcome, PersonId,
    RateLimit, RemoteExtras, RemoteTicket, RemoteUser, SetUp, Sink, Target, TicketList, TicketNumber, TicketPage,
    Traffic, UploadFile, Uploaded, WantedExtras, Write,
};
use crate::net::session::Session;
use crate::net::{Body, Http, HttpResponse, Tokens};
use crate::product::Product;

/// The largest page that the service returns, in rows.
const LARGEST_PAGE: u32 = 100;

/// Asks for the names of the people whom the tickets of a list name.
const WITH_PEOPLE: (&str, &str) = ("include", "users");

/// Asks for the newest comments first.
const NEWEST_FIRST: (&str, &str) = ("sort", "-created_at");

/// The largest file that the service accepts, in bytes.
const LARGEST_FILE: u64 = 50_000_000;

/// A Zendesk server, or one that is compatible.
pub struct Zendesk {
    connection: Connection,
    lists: Lists,
    /// Whether the product shows help articles.
    articles: bool,
}

/// The connection for one call.
struct Connection {
    session: Session,
    fields: Fields,
    extras: Arc<ExtraSettings>,
    page_size: u32,
    /// Properties of the server that its answers do not show: whether the access field is enforced, whether read marks are
    /// shared, and whether tickets without an account are taken. The product states them.
    enforces_access: bool,
    shares_read_marks: bool,
    takes_anonymous: bool,
}

impl Zendesk {
    /// The server at `address`, of which only the origin is used. Tokens are sent to https, or to http on this device.
    /// With any other address nothing is ever sent, and every call fails with [`Failure::TryAgain`].
    pub fn new(address: Url, http: Arc<dyn Http>, tokens: Arc<dyn Tokens>, product: &Product) -> Self {
        let connection = Connection {
            session: Session::new(address, &Bearer, http, tokens),
            fields: Fields::of(product),
            extras: Arc::new(ExtraSettings::of(product)),
            page_size: product.sync.page_size.clamp(1, LARGEST_PAGE),
            enforces_access: product.access_toggle
                && product.definition.zendesk().is_some_and(|settings| settings.access_enforced),
            shares_read_marks: product.definition.zendesk().is_some_and(|settings| settings.shared_read_marks),
            takes_anonymous: product.definition.zendesk().is_some_and(|settings| settings.anonymous),
        };
        Self { connection, lists: Lists::of(product), articles: product.definition.articles.is_some() }
    }

    /// The connection for one more call, whose answers have their own times.
    fn call(&self) -> Connection {
        let known = &self.connection;
        let (fields, extras) = (known.fields.clone(), Arc::clone(&known.extras));
        Connection { session: known.session.fresh(), fields, extras, ..*known }
    }
}

impl Connection {
    fn mapping(&self) -> Mapping<'_> {
        Mapping { fields: &self.fields, now: self.session.time(), origin: self.session.origin() }
    }

    /// Reads a sorted page of a list by its number.
    async fn numbered_page(&self, path: &str, by: &str, page: u32, rows: u32) -> Result<TicketPage, Failure> {
        let (page, per_page) = (page.to_string(), rows.clamp(1, LARGEST_PAGE).to_string());
        let query = [("page", &*page), ("per_page", &*per_page), ("sort_by", by), ("sort_order", "desc"), WITH_PEOPLE];
        let answer = ask(&self.session, Call::list(path, &query)).await?;
        let document = document(&answer)?;
        let [requests, users, count, next_page] = document.root().fields(["requests", "users", "count", "next_page"]);
        let next = lists::paging::has_link(next_page)?.then(|| page.clone());
        let count = count.integer().and_then(|count| u64::try_from(count).ok());
        Ok(TicketPage { next, count, ..self.ticket_page(requests, users)? })
    }

    fn ticket_page(&self, requests: Json<'_>, users: Json<'_>) -> Result<TicketPage, Failure> {
        let mapping = self.mapping();
        let Rows { read, unreadable } = requests.rows(|row| mapping.ticket(row)).ok_or_else(Failure::misbehaves)?;
        Ok(TicketPage {
            tickets: read,
            people: map::people(users, self.session.origin()),
            unreadable,
            ..TicketPage::default()
        })
    }

    async fn list_page(&self, list: &TicketList, cursor: Option<&str>, rows: u32) -> Result<TicketPage, Failure> {
        let (place, rows) = (Place::of(cursor), rows.clamp(1, LARGEST_PAGE));
        let (path, query) = (path_of(list)?, place.query(rows, Order::OldestFirst));
        let query: Vec<_> = query.iter().map(|(name, value)| (*name, &**value)).chain([WITH_PEOPLE]).collect();
        let answer = ask(&self.session, Call::list(&path, &query)).await?;
        let document = document(&answer)?;
        let [requests, users, paging @ ..] = document.root().fields(["requests", "users", "meta", "next_page"]);
        let page = self.ticket_page(requests, users)?;
        let is_empty = page.tickets.is_empty() && page.unreadable.is_empty();
        Ok(TicketPage { next: place.next(paging, rows, is_empty)?, ..page })
    }

    async fn search(&self, list: &TicketList, text: &str, rows: u32) -> Result<Option<TicketPage>, Failure> {
        let Some(text) = search::query(text) else { return Ok(None) };
        let (list, rows) = (search::parameter(list)?, rows.clamp(1, LARGEST_PAGE).to_string());
        let asked =
            [("query", &*text), ("per_page", &*rows), ("sort_by", "updated_at"), ("sort_order", "desc"), WITH_PEOPLE];
        let query: Vec<_> = asked.into_iter().chain(list.as_ref().map(|(name, value)| (*name, &**value))).collect();
        let answer = ask(&self.session, Call::list("/api/v2/requests/search", &query)).await?;
        let document = document(&answer)?;
        let [requests, users] = document.root().fields(["requests", "users"]);
        self.ticket_page(requests, users).map(Some)
    }

    async fn ticket(&self, number: TicketNumber) -> Result<RemoteTicket, Failure> {
        let answer = ask(&self.session, Call::read(&request_path(number), &[])).await?;
        self.only_ticket(&answer).and_then(|ticket| of_ticket(number, ticket))
    }

    /// The ticket of an answer about one ticket.
    fn only_ticket(&self, answer: &HttpResponse) -> Result<RemoteTicket, Failure> {
        let document = document(answer)?;
        let [request] = document.root().fields(["request"]);
        match self.mapping().ticket(request) {
            Row::Read(ticket) => Ok(ticket),
            Row::Hidden | Row::Unreadable(_) => Err(Failure::misbehaves()),
        }
    }

    async fn comments(&self, number: TicketNumber, cursor: Option<&str>, rows: u32) -> Result<CommentPage, Failure> {
        let place = Place::of(cursor);
        let rows = place.rows(rows.clamp(1, LARGEST_PAGE));
        let path = format!("{}/comments", request_path(number));
        let query = place.query(rows, Order::NewestFirst);
        let query: Vec<_> = query.iter().map(|(name, value)| (*name, &**value)).chain([NEWEST_FIRST]).collect();
        let answer = ask(&self.session, Call::read(&path, &query)).await?;
        let document = document(&answer)?;
        let [comments, users, paging @ ..] = document.root().fields(["comments", "users", "meta", "next_page"]);
        let (mapping, mut received) = (self.mapping(), 0_usize);
        let Rows { read, unreadable } = comments
            .rows(|row| {
                received += 1;
                mapping.comment(row)
            })
            .ok_or_else(Failure::misbehaves)?;
        let next = place.next(paging, rows, received == 0)?;
        Ok(CommentPage { comments: read, people: map::people(users, self.session.origin()), next, unreadable })
    }

    async fn read_extras(&self, ticket: &RemoteTicket, wanted: WantedExtras) -> Result<RemoteExtras, Failure> {
        let me = self.session.user().await?;
        extras::read(&self.session, &self.extras, ticket, me, wanted).await
    }

    async fn deliver_extra(&self, number: TicketNumber, body: &[u8]) -> Result<(), Failure> {
        let me = self.session.user().await?;
        extras::deliver(&self.session, &self.extras, number, me, body).await
    }

    async fn deliver(&self, target: Target, body: &[u8], key: Uuid) -> Result<RemoteTicket, Failure> {
        let (asked, path, key) = match target {
            // The service honours the key for creation only.
            Target::NewTicket => (Asked::Create, List::Own.path(), Some(key.to_string())),
            Target::Ticket(number) => (Asked::Change, request_path(number), None),
            Target::ReadMark(number) => (Asked::Change, format!("{}/read_mark", request_path(number)), None),
        };
        let call = Call { asked, path: &path, query: &[], body: Body::Json(body.to_vec()), key };
        let answer = if wire::names_uploads(body) {
            ask_naming_uploads(&self.session, call).await?
        } else {
            ask(&self.session, call).await?
        };
        let ticket = self.only_ticket(&answer)?;
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
            search: true,
            follow_up: true,
            anonymous: self.connection.takes_anonymous,
            organization_view: self.lists.has_organizations(),
            articles: self.articles,
            article_votes: self.articles,
            feedback: self.connection.extras.takes_feedback(),
            toggles: self.connection.extras.has_toggles(),
        }
    }

    async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure> {
        self.connection.session.begin(bound).await
    }

    fn lists(&self, me: &RemoteUser) -> Vec<TicketList> {
        self.lists.names(me)
    }

    async fn find_lists(&self, me: &RemoteUser) -> Outcome<()> {
        let call = self.call();
        call.session.dated(self.lists.find(&call.session, me).await)
    }

    async fn sorted_page(&self, list: &TicketList, page: u32, rows: u32) -> Outcome<TicketPage> {
        let call = self.call();
        let path = path_of(list)?;
        call.session.dated(call.numbered_page(&path, "updated_at", page, rows).await)
    }

    async fn set_up(&self, language: &str) -> Outcome<SetUp> {
        let call = self.call();
        call.session.dated(set_up::set_up(&call.session, &call.fields, language).await)
    }

    async fn list_page(&self, list: &TicketList, cursor: Option<&str>, rows: u32) -> Outcome<TicketPage> {
        let call = self.call();
        call.session.dated(call.list_page(list, cursor, rows).await)
    }

    async fn search(&self, list: &TicketList, text: &str, rows: u32) -> Outcome<Option<TicketPage>> {
        let call = self.call();
        call.session.dated(call.search(list, text, rows).await)
    }

    async fn latest_created(&self, page: u32) -> Outcome<TicketPage> {
        let call = self.call();
        call.session.dated(call.numbered_page(&List::Own.path(), "created_at", page, call.page_size).await)
    }

    async fn ticket(&self, number: TicketNumber) -> Outcome<RemoteTicket> {
        let call = self.call();
        call.session.dated(call.ticket(number).await)
    }

    async fn comments(&self, number: TicketNumber, cursor: Option<&str>, rows: u32) -> Outcome<CommentPage> {
        let call = self.call();
        call.session.dated(call.comments(number, cursor, rows).await)
    }

    fn comments_behind(&self, passed: u64) -> Option<String> {
        Some(Place::Row(passed).cursor())
    }

    fn encode(&self, write: &Write) -> Vec<u8> {
        extras::encode(write).unwrap_or_else(|| wire::body(write, &self.connection.fields).to_string().into_bytes())
    }

    async fn extras(&self, ticket: &RemoteTicket, wanted: WantedExtras) -> Outcome<RemoteExtras> {
        let call = self.call();
        call.session.dated(call.read_extras(ticket, wanted).await)
    }

    async fn deliver_extra(&self, number: TicketNumber, body: &[u8], _key: Uuid) -> Outcome<()> {
        let call = self.call();
        call.session.dated(call.deliver_extra(number, body).await)
    }

    async fn help_center(&self, wanted: &[String]) -> Outcome<Option<String>> {
        let call = self.call();
        call.session.dated(articles::locale(&call.session, wanted).await)
    }

    async fn article_page(&self, locale: &str, cursor: Option<&str>, rows: u32) -> Outcome<Option<ArticlePage>> {
        let call = self.call();
        call.session.dated(articles::page(&call.session, locale, cursor, rows.clamp(1, LARGEST_PAGE)).await)
    }

    async fn newest_articles(&self, locale: &str, page: u32, rows: u32) -> Outcome<Option<ArticlePage>> {
        let call = self.call();
        call.session.dated(articles::newest(&call.session, locale, page, rows.clamp(1, LARGEST_PAGE)).await)
    }

    async fn vote(&self, locale: &str, article: ArticleId, helpful: bool) -> Outcome<()> {
        let call = self.call();
        call.session.dated(articles::vote(&call.session, locale, article, helpful).await)
    }

    async fn deliver(&self, target: Target, body: &[u8], _files: &[UploadFile], key: Uuid) -> Outcome<RemoteTicket> {
        let call = self.call();
        call.session.dated(call.deliver(target, body, key).await)
    }

    async fn deliver_anonymously(&self, body: &[u8], key: Uuid) -> Outcome<Option<TicketNumber>> {
        let call = self.call();
        call.session.dated(anonymous::deliver(&call.session, &List::Own.path(), body, key).await)
    }

    async fn upload(&self, file: &UploadFile) -> Outcome<Uploaded> {
        let call = self.call();
        call.session.dated(files::upload(&call.session, file).await)
    }

    async fn download(&self, address: &str, offset: u64, sink: &mut dyn Sink) -> Result<(), DownloadFailure> {
        files::download(&self.call().session, address, offset, sink).await
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

/// Rejects an answer about another ticket than the requested one.
fn of_ticket(number: TicketNumber, ticket: RemoteTicket) -> Result<RemoteTicket, Failure> {
    if ticket.number == number { Ok(ticket) } else { Err(Failure::misbehaves()) }
}

fn request_path(number: TicketNumber) -> String {
    format!("/api/v2/requests/{number}")
}

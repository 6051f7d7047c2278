//! Reading: lists of tickets, one ticket, and whole threads.
//!
//! # Tickets
//!
//! A list shows all tickets that the user may see, for whatever reason, and its total is reliable. Sorted pages are
//! sorted by a field *and* by the id, because the service's own order is arbitrary. A complete list is read in
//! ascending order of ids, with searches for `id > n`, so that no ticket can move between two pages. No search here
//! uses a time: the service misreads its own format of times without an error and then matches everything.
//!
//! The page of one ticket names people by login name, and their numbers come only with a search. So one ticket is read
//! by a search too. If the search does not find the ticket, its page is requested, and only that answer can say that
//! the ticket does not exist. A deleted ticket still has a page, and a ticket that was merged into another one answers
//! with the other's page; for the user, both no longer exist.
//!
//! # A thread
//!
//! A ticket's history has a row for every event. Some of the rows are messages (`Create`, `Correspond`). A message's
//! texts and files are *parts*, which form a collection of their own.
//!
//! The service first cuts the history into pages and then removes the rows that this user may not see. So a page may be
//! short or empty while the next one is full, and there is no total. The end is recognised by the ticket's `ETag`,
//! which is the newest row that this user may see. Parts are requested by the messages that they belong to. The user
//! may see all of those messages, so these pages have no holes. Texts are requested by the ids of their parts, because
//! a list with contents would include the files.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{BASE, LARGEST_PAGE, ask, conditions, get, read, search};
use super::classify::{self, Asked};
use super::connection::Connection;
use super::map::{self, Role};
use super::wire::{self, Detail, PART_FIELDS, PERSON_FIELDS, Page, Part, TICKET_FIELDS, Text, Transaction};
use crate::connectors::html;
use crate::model::{CommentPage, Failure, RemoteComment, RemoteTicket, TicketNumber, TicketPage, Unreadable};

/// The largest number of pages of a history. More than this means a loop.
const MAX_PAGES: u32 = 200;
/// After this many empty pages in a row reading ends with a failure, because the newest row should have come by then.
const MAX_EMPTY_PAGES: u32 = 10;
/// The largest amount of text requested at a time, in bytes.
const TEXTS_AT_ONCE: u64 = 4 * 1024 * 1024;

/// The page of one ticket, and the newest row of its history that this user may see.
pub(super) struct TicketState {
    pub detail: Detail,
    pub etag: String,
}

impl Connection {
    /// A page of the tickets that `query` finds, sorted by the fields in `order`.
    pub(super) async fn tickets(
        &self,
        query: &str,
        order: &[(&str, &str)],
        page: u32,
        rows: u32,
    ) -> Result<TicketPage, Failure> {
        let (number, rows) = (page.to_string(), rows.clamp(1, LARGEST_PAGE).to_string());
        let mut asked = vec![("query", query), ("page", &number), ("per_page", &rows)];
        asked.extend(TICKET_FIELDS);
        asked.extend(order.iter().flat_map(|(field, order)| [("orderby", *field), ("order", *order)]));
        let path = format!("{BASE}/tickets");
        let answer: Page<wire::Ticket> = ask(&self.session, &get(&path, &asked), Asked::General).await?;
        let tickets = answer.items.into_iter().map(|ticket| self.mapped(ticket)).collect::<Result<Vec<_>, _>>()?;
        let next = answer.next.filter(|_| !tickets.is_empty());
        Ok(TicketPage { next, tickets, count: answer.total, unreadable: Unreadable::default() })
    }

    /// A page of the tickets after the one that `cursor` names.
    pub(super) async fn page_after(&self, cursor: Option<&str>) -> Result<TicketPage, Failure> {
        let after: i64 = cursor.map_or(Ok(0), str::parse).map_err(|_| Failure::misbehaves())?;
        let page = self.tickets(&format!("id > {after}"), &[("id", "ASC")], 1, self.page_size).await?;
        let last = page.tickets.last().map(|ticket| ticket.number.0);
        // The ids must ascend, or reading the list would never end.
        if last.is_some_and(|last| last <= after) {
            return Err(Failure::misbehaves());
        }
        Ok(TicketPage { next: page.next.and(last).map(|last| last.to_string()), count: None, ..page })
    }

    /// Finds a ticket by its number.
    pub(super) async fn by_number(&self, number: TicketNumber) -> Result<RemoteTicket, Failure> {
        let found = self.tickets(&format!("id = {number}"), &[], 1, 1).await?;
        match found.tickets.into_iter().next() {
            Some(ticket) if ticket.number == number => Ok(ticket),
            Some(_) => Err(Failure::misbehaves()),
            None => {
                self.ticket_state(number).await?;
                // The ticket has a page and no search finds it: it is being changed at this moment.
                Err(Failure::misbehaves())
            }
        }
    }

    /// Reads the page of one ticket. Fails if it is the page of another ticket, or if the ticket was deleted.
    pub(super) async fn ticket_state(&self, number: TicketNumber) -> Result<TicketState, Failure> {
        let path = format!("{BASE}/ticket/{number}");
        let answer = self.session.send(&get(&path, &[])).await?;
        if let Some(failure) = classify::failure(&answer, Asked::Ticket) {
            return Err(failure);
        }
        let detail: Detail = read(&answer)?;
        if detail.id.0 != number.0 || detail.status == "deleted" {
            return Err(Failure::Gone);
        }
        let etag = answer.header("etag").ok_or_else(Failure::misbehaves)?.to_owned();
        Ok(TicketState { detail, etag })
    }

    pub(super) fn mapped(&self, ticket: wire::Ticket) -> Result<RemoteTicket, Failure> {
        map::ticket(ticket, &self.settings).ok_or_else(Failure::misbehaves)
    }

    /// Reads a ticket's whole thread.
    pub(super) async fn whole_thread(&self, number: TicketNumber) -> Result<CommentPage, Failure> {
        let state = self.ticket_state(number).await?;
        let newest: i64 = state.etag.trim_matches('"').parse().map_err(|_| Failure::misbehaves())?;
        let messages = self.messages(number, newest).await?;
        let ids: Vec<i64> = messages.keys().copied().collect();
        let mut parts: BTreeMap<i64, Vec<Part>> = BTreeMap::new();
        for part in self.parts(&ids).await? {
            parts.entry(part.transaction_id.0).or_default().push(part);
        }
        let bodies: BTreeMap<i64, Part> =
            parts.iter().filter_map(|(message, parts)| Some((*message, body(parts)?.clone()))).collect();
        let mut texts = self.texts(bodies.values()).await?;
        let (mut comments, mut people) = (Vec::new(), BTreeMap::new());
        for (id, message) in messages {
            let body = bodies.get(&id);
            let text = match body {
                None => String::new(),
                // The text was requested by its id and is missing: the ticket is being changed at this moment.
                Some(body) => texts.remove(&body.id.0).ok_or_else(Failure::misbehaves)?,
            };
            let is_html = body.is_some_and(|body| map::role(body) == Role::Html);
            let files = parts.remove(&id).unwrap_or_default();
            let author = map::person(message.creator, &self.settings);
            comments.push(RemoteComment {
                id: crate::model::CommentId(id),
                author: Some(author.id),
                body: if is_html { html::text(&text) } else { text },
                forms: Vec::new(),
                created_at: map::time(&message.created).ok_or_else(Failure::misbehaves)?,
                attachments: files.iter().filter(|part| map::role(part) == Role::File).map(map::file).collect(),
                shortened: false,
            });
            people.insert(author.id, author);
        }
        Ok(CommentPage { comments, people: people.into_values().collect(), ..CommentPage::default() })
    }

    /// Reads the messages of a ticket's history, at least up to the row `newest`.
    async fn messages(&self, number: TicketNumber, newest: i64) -> Result<BTreeMap<i64, Transaction>, Failure> {
        let path = format!("{BASE}/ticket/{number}/history");
        let (mut messages, mut empty) = (BTreeMap::new(), 0);
        for page in 1..=MAX_PAGES {
            let page = page.to_string();
            let query = [
                ("page", &*page),
                ("per_page", "100"),
                ("orderby", "id"),
                ("fields", "Type,Created,Creator"),
                ("fields[Creator]", PERSON_FIELDS),
            ];
            let rows: Page<Transaction> = ask(&self.session, &get(&path, &query), Asked::Ticket).await?;
            let reached = rows.items.iter().any(|row| row.id.0 >= newest);
            empty = if rows.items.is_empty() { empty + 1 } else { 0 };
            messages.extend(rows.items.into_iter().filter(Transaction::is_message).map(|row| (row.id.0, row)));
            if reached {
                return Ok(messages);
            }
            if empty == MAX_EMPTY_PAGES {
                break;
            }
        }
        Err(Failure::misbehaves())
    }

    /// Reads the parts of these messages, in their order.
    async fn parts(&self, messages: &[i64]) -> Result<Vec<Part>, Failure> {
        let path = format!("{BASE}/attachments");
        let mut parts: Vec<Part> = Vec::new();
        let mut seen = BTreeSet::new();
        for some in messages.chunks(LARGEST_PAGE as usize) {
            let requested = conditions("TransactionId", some.iter().copied());
            for page in 1..=MAX_PAGES {
                let page = page.to_string();
                let query = [("page", &*page), ("per_page", "100"), ("orderby", "id"), ("fields", PART_FIELDS)];
                let rows: Page<Part> = ask(&self.session, &search(&path, &query, &requested), Asked::General).await?;
                let full = rows.items.len() == LARGEST_PAGE as usize;
                parts.extend(rows.items.into_iter().filter(|part| seen.insert(part.id.0)));
                if !full {
                    break;
                }
            }
        }
        Ok(parts)
    }

    /// Reads the texts of these parts, by their ids.
    pub(super) async fn texts(&self, parts: impl Iterator<Item = &Part>) -> Result<BTreeMap<i64, String>, Failure> {
        let path = format!("{BASE}/attachments");
        let query = [("per_page", "100"), ("orderby", "id"), ("fields", "Content")];
        let mut texts = BTreeMap::new();
        for ids in portions(parts.map(|part| (part.id.0, map::size(part)))) {
            let requested = conditions("id", ids.into_iter());
            let rows: Page<Text> = ask(&self.session, &search(&path, &query, &requested), Asked::General).await?;
            texts.extend(rows.items.into_iter().map(|text| (text.id.0, text.content)));
        }
        Ok(texts)
    }
}

/// The part with a message's text: the plain text if there is one, otherwise the HTML.
fn body(parts: &[Part]) -> Option<&Part> {
    let first = |role| parts.iter().find(|part| map::role(part) == role);
    first(Role::Plain).or_else(|| first(Role::Html))
}

/// Splits the ids into portions that fit on a page and whose sizes stay within [`TEXTS_AT_ONCE`].
fn portions(parts: impl Iterator<Item = (i64, u64)>) -> Vec<Vec<i64>> {
    let mut portions: Vec<(Vec<i64>, u64)> = Vec::new();
    for (id, size) in parts {
        match portions.last_mut() {
            Some((ids, bytes)) if ids.len() < LARGEST_PAGE as usize && *bytes + size <= TEXTS_AT_ONCE => {
                ids.push(id);
                *bytes += size;
            }
            _ => portions.push((vec![id], size)),
        }
    }
    portions.into_iter().map(|(ids, _)| ids).collect()
}

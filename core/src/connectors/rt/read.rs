//! Reading: lists of tickets, one ticket, and a thread put together.
//!
//! # Tickets
//! Lists show what this user may see, whatever the reason, with reliable totals. They are sorted by a field *and* the id,
//! because the service's own order means nothing; a walk goes by id upwards, `id > n`, so that nothing moves between its pages. No
//! search here names a time: the service reads its own format of times wrongly, without a word, and then matches everything.
//! A page of one ticket names people by login; their numbers come only with a search, so one ticket is a search, too. One that
//! the search does not show is asked for by its page, and only that answer says that it is gone. A deleted ticket still has
//! a page, and one that was merged into another answers with the other's; for its user, both are gone.
//!
//! # A thread
//! A ticket's history has a row for every event. The messages among them (`Create`, `Correspond`) have their texts and files
//! as *parts*, in a collection of their own. Rows that this user may not see are cut out of a page after it was cut from the
//! whole: a page may be short, or empty, and the next one full, and there is no total. So the end is known in another way:
//! the ticket's `ETag` is the newest row that this user may see. Parts are asked for by the messages they belong to, all of
//! which this user may see, so those pages have no holes; and texts by the parts they are, because a list with contents
//! would bring the files along.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{BASE, LARGEST_PAGE, ask, conditions, get, read, search};
use super::classify::{self, Asked};
use super::connection::Rt;
use super::map::{self, Role};
use super::wire::{self, Detail, PART_FIELDS, PERSON_FIELDS, Page, Part, TICKET_FIELDS, Text, Transaction};
use crate::connectors::html;
use crate::model::{Failure, RemoteComment, RemoteThread, RemoteTicket, TicketNumber, TicketPage};

/// A history of more pages than this is a walk in circles.
const MOST_PAGES: u32 = 200;
/// So many pages in a row without a row are behind the end, whatever the ticket says.
const MOST_EMPTY: u32 = 10;
/// How many bytes of texts are asked for at a time.
const TEXTS_AT_ONCE: u64 = 4 * 1024 * 1024;

/// The page of one ticket, and the newest row of its history that this user may see.
pub(super) struct Known {
    pub detail: Detail,
    pub etag: String,
}

impl Rt {
    /// A page of the tickets that `query` finds, by the fields in `order`.
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
        Ok(TicketPage { next: answer.next.filter(|_| !tickets.is_empty()), tickets, count: answer.total })
    }

    /// The tickets behind the one that `cursor` names.
    pub(super) async fn walked(&self, cursor: Option<&str>) -> Result<TicketPage, Failure> {
        let behind: i64 = cursor.map_or(Ok(0), str::parse).map_err(|_| Failure::misbehaves())?;
        let page = self.tickets(&format!("id > {behind}"), &[("id", "ASC")], 1, self.page_size).await?;
        let last = page.tickets.last().map(|ticket| ticket.number.0);
        // Upwards, or it is no walk.
        if last.is_some_and(|last| last <= behind) {
            return Err(Failure::misbehaves());
        }
        Ok(TicketPage { next: page.next.and(last).map(|last| last.to_string()), count: None, ..page })
    }

    /// One ticket, or why there is none.
    pub(super) async fn one(&self, number: TicketNumber) -> Result<RemoteTicket, Failure> {
        let found = self.tickets(&format!("id = {number}"), &[], 1, 1).await?;
        match found.tickets.into_iter().next() {
            Some(ticket) if ticket.number == number => Ok(ticket),
            Some(_) => Err(Failure::misbehaves()),
            None => {
                self.known(number).await?;
                // It has a page, and yet no search finds it: somebody changes it at this moment.
                Err(Failure::misbehaves())
            }
        }
    }

    /// The page of one ticket, which must be that one, and not deleted.
    pub(super) async fn known(&self, number: TicketNumber) -> Result<Known, Failure> {
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
        Ok(Known { detail, etag })
    }

    pub(super) fn mapped(&self, ticket: wire::Ticket) -> Result<RemoteTicket, Failure> {
        map::ticket(ticket, &self.settings).ok_or_else(Failure::misbehaves)
    }

    /// A ticket's whole thread.
    pub(super) async fn whole_thread(&self, number: TicketNumber) -> Result<RemoteThread, Failure> {
        let known = self.known(number).await?;
        let as_of = self.session.server_time();
        let newest: i64 = known.etag.trim_matches('"').parse().map_err(|_| Failure::misbehaves())?;
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
                // Asked for by its id, and not there: somebody changes it at this moment.
                Some(body) => texts.remove(&body.id.0).ok_or_else(Failure::misbehaves)?,
            };
            let is_page = body.is_some_and(|body| map::role(body) == Role::Html);
            let files = parts.remove(&id).unwrap_or_default();
            let author = map::person(message.creator, &self.settings);
            comments.push(RemoteComment {
                id: crate::model::CommentId(id),
                author: author.id,
                body: if is_page { html::text(&text) } else { text },
                created_at: map::time(&message.created).ok_or_else(Failure::misbehaves)?,
                attachments: files.iter().filter(|part| map::role(part) == Role::File).map(map::file).collect(),
            });
            people.insert(author.id, author);
        }
        Ok(RemoteThread { comments, people: people.into_values().collect(), as_of })
    }

    /// The messages of a ticket's history, up to the row `newest` at least.
    async fn messages(&self, number: TicketNumber, newest: i64) -> Result<BTreeMap<i64, Transaction>, Failure> {
        let path = format!("{BASE}/ticket/{number}/history");
        let (mut messages, mut empty) = (BTreeMap::new(), 0);
        for page in 1..=MOST_PAGES {
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
            if empty == MOST_EMPTY {
                break;
            }
        }
        Err(Failure::misbehaves())
    }

    /// The parts of these messages, in their order.
    async fn parts(&self, messages: &[i64]) -> Result<Vec<Part>, Failure> {
        let path = format!("{BASE}/attachments");
        let mut parts: Vec<Part> = Vec::new();
        let mut seen = BTreeSet::new();
        for some in messages.chunks(LARGEST_PAGE as usize) {
            let requested = conditions("TransactionId", some.iter().copied());
            for page in 1..=MOST_PAGES {
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

    /// What these parts say, by their ids.
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

/// A message's text: as plain text if it has one, else as a page.
fn body(parts: &[Part]) -> Option<&Part> {
    let first = |role| parts.iter().find(|part| map::role(part) == role);
    first(Role::Plain).or_else(|| first(Role::Html))
}

/// Ids in portions that fit into a page, and whose sizes stay within what is asked for at once.
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

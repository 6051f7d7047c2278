//! Reading lists of tickets, and one ticket.
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

use super::calls::{BASE, LARGEST_PAGE, ask, document, failure, get};
use super::connection::Connection;
use super::map;
use super::wire::{self, Detail};
use crate::connectors::json::Rows;
use crate::connectors::refusal::Asked;
use crate::model::{Failure, RemoteTicket, TicketNumber, TicketPage};

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
        asked.extend(wire::ticket_fields(self.settings.names));
        asked.extend(order.iter().flat_map(|(field, order)| [("orderby", *field), ("order", *order)]));
        let path = format!("{BASE}/tickets");
        let answer = ask(&self.session, &get(&path, &asked), Asked::Search).await?;
        let document = document(&answer)?;
        let [items, total, next_page] = document.root().fields(["items", "total", "next_page"]);
        let (now, mut people) = (self.session.time(), Vec::new());
        let Rows { read: tickets, unreadable } =
            items.rows(|row| map::ticket(row, &self.settings, now, &mut people)).ok_or_else(Failure::misbehaves)?;
        let is_empty = tickets.is_empty() && unreadable.is_empty();
        let count = total.integer().and_then(|total| u64::try_from(total).ok());
        Ok(TicketPage { next: next_page.words().filter(|_| !is_empty), tickets, people, count, unreadable })
    }

    /// A page of at most `rows` tickets after the one that `cursor` names.
    pub(super) async fn page_after(&self, cursor: Option<&str>, rows: u32) -> Result<TicketPage, Failure> {
        let after: i64 = cursor.map_or(Ok(0), str::parse).map_err(|_| Failure::misbehaves())?;
        let page = self.tickets(&format!("id > {after}"), &[("id", "ASC")], 1, rows).await?;
        let ids = || page.tickets.iter().map(|ticket| ticket.number.0).chain(page.unreadable.ids.iter().copied());
        let last = ids().max();
        // The ids must ascend, or reading the list would never end. If no row has one, the list goes no further either.
        if ids().any(|id| id <= after) || (last.is_none() && page.next.is_some()) {
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
            None if !found.unreadable.is_empty() => Err(Failure::misbehaves()),
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
        if let Some(failure) = failure(&answer, Asked::Object) {
            return Err(failure);
        }
        let document = document(&answer)?;
        let detail = Detail::of(document.root());
        let id = detail.id.ok_or_else(Failure::misbehaves)?;
        if id != number.0 || detail.status == "deleted" {
            return Err(Failure::Gone);
        }
        let etag = answer.header("etag").ok_or_else(Failure::misbehaves)?.to_owned();
        Ok(TicketState { detail, etag })
    }
}

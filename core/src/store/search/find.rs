//! Finding tickets.
//!
//! # The story
//!
//! A ticket is found if each term stands in any of its documents. So every term gives a set of tickets, and the tickets that are in all
//! of these sets are found (`matches.rs`). The sets come from the index alone, and each is read once. Then the tickets' own rows say which
//! of them the view shows and in which order (`order.rs`). Every page computes that anew and continues behind the last row of the page
//! before.
//!
//! Only for the rows of the page the texts themselves are read, to say where something was found (`found_in.rs`).

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::found_in::{Place, found_in, in_message};
use super::matches::{FIELD, Matches, SUBJECT};
use super::order::{COUNTED, page};
use super::view::Shown;
use super::{rules, view};
use crate::model::{FoundIn, SearchCoverage, SearchPage, TicketHit, TicketId, TicketRow};
use crate::product::definition::parts::statuses::MarkPlace;
use crate::query::{Question, cursor, place};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::or_left_out;
use crate::store::outbox::operations::WAITING;
use crate::store::queries::history::{Entries, HistoryQuery, select, select_entries, ticket_row};
use crate::store::{MAX_PAGE, Store, StoreError};

impl Store {
    /// Up to `limit` (1 to [`MAX_PAGE`]) tickets among those of a view and a filter in which everything of a question was found, after
    /// the cursor `after`. The order of `among` does not matter.
    /// A question that looks for nothing finds nothing. An invalid cursor fails with [`StoreError::InvalidCursor`].
    pub fn search(
        &self,
        among: &HistoryQuery,
        text: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<SearchPage, StoreError> {
        let question = Question::of(text);
        let limit = limit.clamp(1, MAX_PAGE) as usize;
        let after: [i64; 4] = after.map_or(Ok([i64::MAX; 4]), |after| place(after).ok_or(StoreError::InvalidCursor))?;
        self.read(|db| {
            let is_used = rules::is_used(db)?;
            let coverage = coverage(db, is_used)?;
            if question.is_empty() {
                return Ok(SearchPage { coverage, ..SearchPage::default() });
            }
            let matches = Matches::of(db, &question, is_used)?;
            let (count, keys) = page(db, &view::shown(db, &self.product, among)?, &matches, after, limit)?;
            let next = keys.last().filter(|_| keys.len() >= limit).map(|key| cursor(*key));
            Ok(SearchPage {
                hits: self.hits(db, &question, &matches, &keys)?,
                count: u32::try_from(count.min(COUNTED)).unwrap_or(u32::MAX),
                count_is_capped: count > COUNTED,
                next,
                coverage,
            })
        })
    }

    /// Of `tickets`, which the server's own search has found, those that the history shows for `among` and in which a search on this
    /// device does not find everything, in their order.
    pub fn found_elsewhere(
        &self,
        among: &HistoryQuery,
        text: &str,
        tickets: &[TicketId],
    ) -> Result<Vec<TicketRow>, StoreError> {
        let question = Question::of(text);
        self.read(|db| {
            let matches = Matches::of(db, &question, rules::is_used(db)?)?;
            let elsewhere: Vec<i64> = tickets.iter().map(|id| id.0).filter(|id| !matches.has(*id)).collect();
            let Shown { join, key: [.., id], condition, .. } = view::shown(db, &self.product, among)?;
            let sql = format!(
                "SELECT {id} FROM (SELECT value AS ticket, key FROM json_each(?1)) f CROSS JOIN {join}
                 WHERE {condition} ORDER BY f.key"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let shown = statement.query_map([serde_json::to_string(&elsewhere)?], |row| row.get(0))?;
            self.rows(db, shown.collect::<Result<Vec<i64>, _>>()?)
        })
    }

    /// What a screen shows of the tickets that were found.
    fn hits(
        &self,
        db: &Connection,
        question: &Question,
        matches: &Matches,
        found: &[[i64; 4]],
    ) -> Result<Vec<TicketHit>, StoreError> {
        let mut places = BTreeMap::new();
        let mut unknown = Vec::new();
        for [rank, .., ticket] in found {
            let known = match (*rank, matches.place(*ticket)) {
                (2, _) => Some((FoundIn::Number, Vec::new())),
                (_, Some(SUBJECT)) => Some(Place::default()),
                (_, None | Some(FIELD)) => None,
                (_, Some(message)) => in_message(db, question, *ticket, message)?,
            };
            match known {
                Some(place) => drop(places.insert(TicketId(*ticket), place)),
                None => unknown.push(*ticket),
            }
        }
        if !unknown.is_empty() {
            places.append(&mut found_in(db, question, &unknown)?);
        }
        let rows = self.rows(db, found.iter().map(|[.., ticket]| *ticket))?;
        let hit = |row: TicketRow| {
            let (found_in, excerpt) = places.remove(&row.id).unwrap_or_default();
            TicketHit { title: question.marked(&row.subject), row, found_in, excerpt }
        };
        Ok(rows.into_iter().map(hit).collect())
    }

    /// What a screen shows of these tickets, without those whose rows cannot be read.
    fn rows(&self, db: &Connection, tickets: impl IntoIterator<Item = i64>) -> Result<Vec<TicketRow>, StoreError> {
        // The row of a ticket in which nothing waits is in its entry already.
        let entries = Entries::of(db)? == Entries::Known;
        let from = "history_entries e CROSS JOIN tickets t ON t.id = e.ticket";
        let waits = format!("EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = e.ticket AND {WAITING})");
        let rest = format!("WHERE e.ticket = ?1 AND {entries} AND e.listed < 2 AND NOT {waits}");
        let mut of_entry = db.prepare_cached(&select_entries(from, "t.id, t.id", &rest))?;
        let mut of_ticket = db.prepare_cached(&select("tickets t", "t.id, t.id", "WHERE t.id = ?1"))?;
        let mut row_of = |id: i64| -> Result<Option<TicketRow>, StoreError> {
            if let Some(row) = of_entry.query([id])?.next()? {
                return Ok(Some(ticket_row(row, &self.product, MarkPlace::List)?));
            }
            of_ticket.query([id])?.next()?.map(|row| ticket_row(row, &self.product, MarkPlace::List)).transpose()
        };
        let row_of = |id: i64| or_left_out(row_of(id)).map(Option::flatten).transpose();
        tickets.into_iter().filter_map(row_of).collect()
    }
}

/// How much the index covers; `None` if everything.
fn coverage(db: &Connection, is_used: bool) -> Result<Option<SearchCoverage>, StoreError> {
    let next: Option<i64> = db
        .query_row_cached("SELECT next_ticket FROM rebuilds WHERE what = 'search'", [], |row| row.get(0))
        .optional()?;
    if is_used && next.is_none() {
        return Ok(None);
    }
    let count = |sql: &str, next: i64| -> Result<u64, StoreError> {
        let count: i64 = db.query_row_cached(sql, [next], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    };
    let tickets = next.filter(|_| is_used).unwrap_or(0);
    let tickets = count("SELECT count(*) FROM tickets WHERE id < ?1", tickets)?;
    Ok(Some(SearchCoverage { tickets, of: count("SELECT count(*) FROM tickets WHERE id > ?1", i64::MIN)? }))
}

//! Finding tickets.
//!
//! # The story
//!
//! A ticket is found if each term stands in one of its documents, whichever. So every term gives a set of tickets, and what all
//! of them have is found. The sets come from the index alone, and each is read once. Then the tickets' own rows say which of them
//! the view shows and in which order. Every page computes that anew and continues behind the last row of the page before.
//!
//! Only for the rows of the page the texts themselves are read, to say where something was found (`found_in.rs`).

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Statement, ToSql};

use super::found_in::{Place, found_in, in_message};
use super::view::Shown;
use super::{rules, view};
use crate::model::{FoundIn, SearchCoverage, SearchPage, TicketHit, TicketId, TicketRow};
use crate::product::Product;
use crate::product::definition::parts::statuses::MarkPlace;
use crate::query::{Question, cursor, place};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::or_left_out;
use crate::store::outbox::operations::WAITING;
use crate::store::queries::history::{Entries, HistoryQuery, select, select_entries, ticket_row};
use crate::store::{MAX_PAGE, Store, StoreError};

/// How many tickets are counted.
const COUNTED: u32 = 1_000;

/// What is searched for, and where.
pub(in crate::store) struct Search<'a> {
    pub question: &'a Question,
    /// The tickets among which it is looked for. Their order does not matter.
    pub among: &'a HistoryQuery,
}

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
        let search = &Search { question: &question, among };
        let limit = limit.clamp(1, MAX_PAGE);
        let after: [i64; 4] = after.map_or(Ok([i64::MAX; 4]), |after| place(after).ok_or(StoreError::InvalidCursor))?;
        self.read(|db| {
            let is_used = rules::is_used(db)?;
            let coverage = coverage(db, is_used)?;
            if search.question.is_empty() {
                return Ok(SearchPage { coverage, ..SearchPage::default() });
            }
            let sql = query(db, &self.product, search, is_used)?;
            let mut statement = db.prepare_cached(&sql)?;
            bind_question(&mut statement, search.question)?;
            bind(&mut statement, ":limit", limit)?;
            for (name, value) in [":rank", ":activity", ":sort_number", ":id"].into_iter().zip(after) {
                bind(&mut statement, name, value)?;
            }
            let (mut count, mut found) = (0, Vec::new());
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                count = row.get(0)?;
                // One row has the count alone if the page has none.
                if let Some(rank) = row.get::<_, Option<i64>>(1)? {
                    found.push(([rank, row.get(2)?, row.get(3)?, row.get(4)?], row.get(5)?));
                }
            }
            drop(rows);
            let is_full = u32::try_from(found.len()).is_ok_and(|read| read >= limit);
            let next = found.last().filter(|_| is_full).map(|(key, _)| cursor(*key));
            Ok(SearchPage {
                hits: self.hits(db, search.question, &found)?,
                count: count.min(COUNTED),
                more: count > COUNTED,
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
        let search = &Search { question: &question, among };
        self.read(|db| {
            let (found, _) = found(search, rules::is_used(db)?);
            let Shown { join, key: [.., id], condition } = view::shown(db, &self.product, among)?;
            let sql = format!(
                "SELECT {id} FROM (SELECT value AS ticket, key FROM json_each(:tickets)) f CROSS JOIN {join}
                 WHERE {condition} AND f.ticket NOT IN (SELECT ticket FROM ({found})) ORDER BY f.key"
            );
            let mut statement = db.prepare_cached(&sql)?;
            bind_question(&mut statement, &question)?;
            let tickets: Vec<i64> = tickets.iter().map(|ticket| ticket.0).collect();
            bind(&mut statement, ":tickets", serde_json::Value::from(tickets).to_string())?;
            let (mut rows, mut elsewhere) = (statement.raw_query(), Vec::new());
            while let Some(row) = rows.next()? {
                elsewhere.push(row.get(0)?);
            }
            self.rows(db, elsewhere)
        })
    }

    /// What a screen shows of the tickets that were found.
    fn hits(
        &self,
        db: &Connection,
        question: &Question,
        found: &[([i64; 4], Option<i64>)],
    ) -> Result<Vec<TicketHit>, StoreError> {
        let mut places = BTreeMap::new();
        let mut unknown = Vec::new();
        for ([rank, .., ticket], place) in found {
            let known = match (*rank, *place) {
                (2, _) => Some((FoundIn::Number, Vec::new())),
                (_, Some(SUBJECT)) => Some(Place::default()),
                (_, Some(message)) => in_message(db, question, *ticket, message)?,
                (_, None) => None,
            };
            match known {
                Some(place) => drop(places.insert(TicketId(*ticket), place)),
                None => unknown.push(*ticket),
            }
        }
        if !unknown.is_empty() {
            places.append(&mut found_in(db, question, &unknown)?);
        }
        let rows = self.rows(db, found.iter().map(|([.., ticket], _)| *ticket))?;
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

/// What [`found`] asks for.
fn bind_question(statement: &mut Statement<'_>, question: &Question) -> Result<(), StoreError> {
    for (at, term) in question.terms.iter().enumerate() {
        bind(statement, &format!(":term{at}"), term.expression())?;
    }
    bind(statement, ":number", question.number)
}

/// While there is no index a query asks for the number only.
fn bind(statement: &mut Statement<'_>, name: &str, value: impl ToSql) -> Result<(), StoreError> {
    if let Some(index) = statement.parameter_index(name)? {
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

/// SQL: where in the ticket of a document `d` something was found, so that the largest is what is shown: the subject
/// ([`SUBJECT`]), then a field, then the newest message.
const PLACE: &str =
    "CASE WHEN d.message IS NOT NULL THEN d.message ELSE 9223372036854775807 - (d.field IS NOT NULL) END";
const SUBJECT: i64 = i64::MAX;

/// SQL: the tickets in which everything was found, wherever the history shows them, with a rank and, for a question of one term, the
/// place. Also whether one of them can be there twice.
fn found(search: &Search<'_>, is_used: bool) -> (String, bool) {
    let of_term = |at: usize, columns: &str| {
        format!(
            "SELECT d.ticket, {columns}
             FROM search_words w CROSS JOIN search_documents d ON d.id = w.rowid
             WHERE search_words MATCH :term{at} GROUP BY d.ticket"
        )
    };
    let mut found = Vec::new();
    // While there is no index, tickets are still found by their numbers.
    match if is_used { search.question.terms.len() } else { 0 } {
        0 => {}
        1 => found.push(of_term(0, &format!("max({PLACE}) = {SUBJECT} AS rank, max({PLACE}) AS place"))),
        terms => {
            let of_term = |at| of_term(at, "max(d.message IS NULL AND d.field IS NULL) AS rank");
            let by_terms = (0..terms).map(of_term).collect::<Vec<_>>().join(" UNION ALL ");
            found.push(format!(
                "SELECT ticket, min(rank) AS rank, NULL AS place FROM ({by_terms}) GROUP BY ticket HAVING count(*) = {terms}"
            ));
        }
    }
    if search.question.number.is_some() || found.is_empty() {
        found
            .push("SELECT n.id AS ticket, 2 AS rank, NULL AS place FROM tickets n WHERE n.number = :number".to_owned());
    }
    (found.join(" UNION ALL "), found.len() > 1)
}

/// The query of a page: in each row how many tickets were found, the key of one of them, and with a question of one term the place
/// where it was found.
pub(in crate::store) fn query(
    db: &Connection,
    product: &Product,
    search: &Search<'_>,
    is_used: bool,
) -> Result<String, StoreError> {
    let (found, is_by_both) = found(search, is_used);
    let Shown { join, key: [activity, sort_number, id], condition } = view::shown(db, product, search.among)?;
    let (rank, place, group) = if is_by_both {
        ("max(f.rank)", "max(f.place)", format!("GROUP BY {id}"))
    } else {
        ("f.rank", "f.place", String::new())
    };
    Ok(format!(
        "WITH found AS MATERIALIZED (
             SELECT {rank} AS rank, {activity} AS last_activity, {sort_number} AS sort_number, {id} AS id, {place} AS place
             FROM ({found}) f CROSS JOIN {join} WHERE {condition} {group})
         SELECT c.found, p.rank, p.last_activity, p.sort_number, p.id, p.place
         FROM (SELECT count(*) AS found FROM (SELECT 1 FROM found LIMIT {COUNTED} + 1)) c
         LEFT JOIN (SELECT * FROM found WHERE (rank, last_activity, sort_number, id) < (:rank, :activity, :sort_number, :id)
                    ORDER BY rank DESC, last_activity DESC, sort_number DESC, id DESC LIMIT :limit) p
         ORDER BY p.rank DESC, p.last_activity DESC, p.sort_number DESC, p.id DESC"
    ))
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

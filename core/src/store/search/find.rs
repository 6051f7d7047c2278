//! Finding tickets.
//!
//! # The story
//!
//! A ticket is found if each term stands in one of its documents, whichever. So every term gives a set of tickets, and what all
//! of them have is found. The sets come from the index alone, and each is read once. Then the tickets' own rows say which of them
//! the view shows and in which order. Every page computes that anew and continues behind the last row of the page before.
//!
//! Only for the rows of the page the texts themselves are read, to say where something was found (`found_in.rs`).

use rusqlite::{Connection, OptionalExtension, Statement, ToSql};

use super::found_in::found_in;
use super::{rules, view};
use crate::model::{SearchCoverage, SearchPage, TicketHit, TicketId, TicketRow};
use crate::product::Product;
use crate::product::definition::parts::statuses::MarkPlace;
use crate::query::{Question, cursor, place};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::or_left_out;
use crate::store::queries::history::{HistoryQuery, select, ticket_row};
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
                    found.push([rank, row.get(2)?, row.get(3)?, row.get(4)?]);
                }
            }
            drop(rows);
            let is_full = u32::try_from(found.len()).is_ok_and(|read| read >= limit);
            let next = found.last().filter(|_| is_full).copied().map(cursor);
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
            let is_used = rules::is_used(db)?;
            let (found, is_shown) = (found(search, is_used), view::is_in(db, &self.product, among)?);
            let sql = format!(
                "SELECT t.id FROM json_each(:tickets) j CROSS JOIN tickets t ON t.id = j.value
                 WHERE {is_shown} AND t.id NOT IN (SELECT f.ticket FROM ({found}) f) ORDER BY j.key"
            );
            let mut statement = db.prepare_cached(&sql)?;
            bind_question(&mut statement, &question)?;
            let tickets: Vec<i64> = tickets.iter().map(|ticket| ticket.0).collect();
            bind(&mut statement, ":tickets", serde_json::Value::from(tickets).to_string())?;
            let (mut rows, mut elsewhere) = (statement.raw_query(), Vec::new());
            while let Some(row) = rows.next()? {
                elsewhere.push(row.get(0)?);
            }
            drop(rows);
            let mut statement = db.prepare_cached(&select("tickets t", "t.id, t.id", "WHERE t.id = ?1"))?;
            let shown = |id: i64| shown(&mut statement, id, &self.product).transpose();
            elsewhere.into_iter().filter_map(shown).collect()
        })
    }

    /// What a screen shows of the tickets that were found.
    fn hits(&self, db: &Connection, question: &Question, found: &[[i64; 4]]) -> Result<Vec<TicketHit>, StoreError> {
        let tickets: Vec<i64> = found.iter().map(|[.., ticket]| *ticket).collect();
        let mut places = found_in(db, question, &tickets)?;
        let mut statement = db.prepare_cached(&select("tickets t", "t.id, t.id", "WHERE t.id = ?1"))?;
        let mut hits = Vec::with_capacity(tickets.len());
        for id in tickets {
            let Some(row) = shown(&mut statement, id, &self.product)? else { continue };
            let (found_in, excerpt) = places.remove(&TicketId(id)).unwrap_or_default();
            hits.push(TicketHit { title: question.marked(&row.subject), row, found_in, excerpt });
        }
        Ok(hits)
    }
}

/// What a screen shows of a ticket; `None` if its row cannot be read.
fn shown(statement: &mut Statement<'_>, id: i64, product: &Product) -> Result<Option<TicketRow>, StoreError> {
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    or_left_out(ticket_row(row, product, MarkPlace::List))
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

/// SQL: the tickets in which everything was found, wherever the view shows them.
fn found(search: &Search<'_>, is_used: bool) -> String {
    let of_term = |at: usize| {
        format!(
            "SELECT d.ticket, max(d.message IS NULL AND d.field IS NULL) AS in_subject
             FROM search_words w CROSS JOIN search_documents d ON d.id = w.rowid
             WHERE search_words MATCH :term{at} GROUP BY d.ticket"
        )
    };
    // While there is no index, tickets are still found by their numbers.
    let terms = if is_used { search.question.terms.len() } else { 0 };
    let by_terms = (0..terms).map(of_term).collect::<Vec<_>>().join(" UNION ALL ");
    let by_number = "SELECT n.id AS ticket, 0 AS in_subject FROM tickets n WHERE n.number = :number";
    if terms == 0 {
        return by_number.to_owned();
    }
    format!(
        "SELECT ticket, min(in_subject) AS in_subject FROM ({by_terms}) GROUP BY ticket HAVING count(*) = {terms}
         UNION ALL {by_number}"
    )
}

/// The query of a page: in each row how many tickets were found, and the key of one of them.
pub(in crate::store) fn query(
    db: &Connection,
    product: &Product,
    search: &Search<'_>,
    is_used: bool,
) -> Result<String, StoreError> {
    let found = found(search, is_used);
    let is_shown = view::is_in(db, product, search.among)?;
    Ok(format!(
        "WITH found AS MATERIALIZED (
             SELECT CASE WHEN t.number = :number THEN 2 ELSE max(f.in_subject) END AS rank, t.last_activity, t.sort_number, t.id
             FROM ({found}) f CROSS JOIN tickets t ON t.id = f.ticket WHERE {is_shown} GROUP BY t.id)
         SELECT c.found, p.rank, p.last_activity, p.sort_number, p.id
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

//! Which tickets have what is looked for.
//!
//! The index gives documents, and a search needs the ticket of each. Finding it must not read another page of the file for every document.
//! A subject's document has the ticket's id. For messages, `search_spans` gives the ticket, and has so few pages that they stay in memory.

use rusqlite::{Connection, OptionalExtension};

use crate::query::{Question, Term};
use crate::store::StoreError;
use crate::store::db::statements::Cached;

/// Where in a ticket something was found, as a number: the place with the largest one is shown. The subject comes first, then fields, then
/// the newest message. The place of a message is its id.
pub(super) const SUBJECT: i64 = i64::MAX;
pub(super) const FIELD: i64 = i64::MAX - 1;

/// The documents of fields have larger ids.
const LAST_MESSAGE: i64 = 1 << 62;

/// SQL: the ticket and the id of each document in which an expression is found.
pub(in crate::store) const DOCUMENTS: &str = "
    SELECT CASE WHEN w.rowid < 0 THEN -w.rowid
                WHEN w.rowid > 1 << 62 THEN (SELECT d.ticket FROM search_documents d WHERE d.id = w.rowid)
                ELSE (SELECT s.ticket FROM search_spans s WHERE s.first <= w.rowid ORDER BY s.first DESC LIMIT 1) END,
           w.rowid
    FROM search_words w WHERE search_words MATCH ?1";

/// SQL: the ticket with a number.
pub(in crate::store) const OF_NUMBER: &str = "SELECT n.id FROM tickets n WHERE n.number = ?1";

/// The tickets in which everything was found.
pub(super) struct Matches {
    /// The tickets of each rank, highest rank first, in the order of their ids: the one with the number, those with everything in their
    /// subjects, and the others.
    pub(super) ranks: [(i64, Vec<i64>); 3],
    /// Each ticket with the place where it was found, in the order of the tickets' ids.
    places: Vec<(i64, i64)>,
    /// Whether a place is where all of the question was found. It is if the question has one term.
    has_places: bool,
}

impl Matches {
    /// Finds the tickets, whether or not the history shows them. While there is no index, tickets are still found by their numbers.
    pub(super) fn of(db: &Connection, question: &Question, is_used: bool) -> Result<Self, StoreError> {
        let mut terms = if is_used { question.terms.as_slice() } else { &[] }.iter();
        let mut places = terms.next().map(|term| of_term(db, term)).transpose()?.unwrap_or_default();
        for term in terms {
            if places.is_empty() {
                break;
            }
            places = in_both(&places, of_term(db, term)?);
        }
        let number: Option<i64> = match question.number {
            Some(number) => db.query_row_cached(OF_NUMBER, [number], |row| row.get(0)).optional()?,
            None => None,
        };
        let of_rank = |in_subject: bool| {
            let is_of = |(ticket, place): &&(i64, i64)| (*place == SUBJECT) == in_subject && Some(*ticket) != number;
            places.iter().filter(is_of).map(|(ticket, _)| *ticket).collect()
        };
        let ranks = [(2, Vec::from_iter(number)), (1, of_rank(true)), (0, of_rank(false))];
        Ok(Self { ranks, places, has_places: question.terms.len() == 1 })
    }

    /// Where everything was found in a ticket; `None` if the texts have to be read to say it.
    pub(super) fn place(&self, ticket: i64) -> Option<i64> {
        let at = self.places.binary_search_by_key(&ticket, |(ticket, _)| *ticket).ok().filter(|_| self.has_places)?;
        self.places.get(at).map(|(_, place)| *place)
    }

    /// Whether a ticket was found.
    pub(super) fn has(&self, ticket: i64) -> bool {
        self.ranks.iter().any(|(_, tickets)| tickets.binary_search(&ticket).is_ok())
    }
}

/// The tickets with this term, in the order of their ids, and the best place of each.
fn of_term(db: &Connection, term: &Term) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut statement = db.prepare_cached(DOCUMENTS)?;
    let mut rows = statement.query([term.expression()])?;
    let mut found: Vec<(i64, i64)> = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(ticket) = row.get::<_, Option<i64>>(0)? else { continue };
        let place = match row.get(1)? {
            i64::MIN..0 => SUBJECT,
            message @ 0..=LAST_MESSAGE => message,
            _ => FIELD,
        };
        // The messages of a ticket often follow each other.
        match found.last_mut().filter(|last| last.0 == ticket) {
            Some(last) => last.1 = last.1.max(place),
            None => found.push((ticket, place)),
        }
    }
    found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    found.dedup_by_key(|(ticket, _)| *ticket);
    Ok(found)
}

/// The tickets that are in both lists. Of a ticket's two places the lower one counts: the subject has everything only if it has every term.
fn in_both(first: &[(i64, i64)], second: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let mut rest = first.iter().peekable();
    let in_first = |(ticket, place): (i64, i64)| {
        while rest.next_if(|(earlier, _)| *earlier < ticket).is_some() {}
        rest.next_if(|(same, _)| *same == ticket).map(|(_, other)| (ticket, place.min(*other)))
    };
    second.into_iter().filter_map(in_first).collect()
}

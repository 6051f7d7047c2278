//! Where in a ticket something was found.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{FoundIn, MessageId, Segment, TicketId};
use crate::query::Question;
use crate::store::StoreError;
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::text;

/// How many texts of a ticket in which something was found are looked at: the subject, then fields, then the newest
/// messages.
const LOOKED_AT: usize = 12;

/// Where most was found in a ticket, and an excerpt of it.
pub(super) type Place = (FoundIn, Vec<Segment>);

/// SQL: the documents of some tickets in which an expression is found. The `+` makes FTS5 read the documents of the expression once, instead
/// of looking up every document of the tickets.
pub(in crate::store) const CANDIDATES: &str = "
    SELECT d.ticket, d.message, d.field
    FROM search_words w CROSS JOIN search_documents d ON d.id = w.rowid
    WHERE search_words MATCH ?1
      AND +w.rowid IN (SELECT o.id FROM json_each(?2) j CROSS JOIN search_documents o ON o.ticket = j.value)
    ORDER BY d.message IS NULL DESC, d.field IS NULL DESC, d.message DESC";

/// Where most of a question was found in each of these tickets. Of several such places the subject comes first, then fields, then
/// the newest message.
pub(super) fn found_in(
    db: &Connection,
    question: &Question,
    tickets: &[i64],
) -> Result<BTreeMap<TicketId, Place>, StoreError> {
    let mut texts: BTreeMap<i64, Vec<Candidate>> = BTreeMap::new();
    let mut places = BTreeMap::new();
    let ids = serde_json::to_string(tickets)?;
    let mut statement = db.prepare_cached(CANDIDATES)?;
    let mut rows = statement.query(params![question.any(), ids])?;
    while let Some(row) = rows.next()? {
        let candidates = texts.entry(row.get(0)?).or_default();
        if candidates.len() < LOOKED_AT {
            candidates.push(Candidate { message: row.get(1)?, field: row.get(2)? });
        }
    }
    for ticket in tickets {
        places.insert(TicketId(*ticket), best(db, question, *ticket, texts.remove(ticket).unwrap_or_default())?);
    }
    Ok(places)
}

/// The place in a message of this ticket; `None` if the ticket does not have this message.
pub(super) fn in_message(
    db: &Connection,
    question: &Question,
    ticket: i64,
    message: i64,
) -> Result<Option<Place>, StoreError> {
    let sql = "SELECT body, description FROM messages WHERE id = ?1 AND ticket = ?2";
    let found = db.query_row_cached(sql, [message, ticket], |row| Ok((text(row, 0)?, row.get::<_, bool>(1)?)));
    Ok(found.optional()?.map(|(body, is_description)| (of_message(message, is_description), question.excerpt(&body))))
}

fn of_message(message: i64, is_description: bool) -> FoundIn {
    let message = MessageId(message);
    if is_description { FoundIn::Description(message) } else { FoundIn::Comment(message) }
}

/// A document in which something was found.
struct Candidate {
    message: Option<i64>,
    field: Option<String>,
}

/// The first of the candidates in which most was found.
fn best(db: &Connection, question: &Question, ticket: i64, candidates: Vec<Candidate>) -> Result<Place, StoreError> {
    let mut best: Option<(usize, FoundIn, String)> = None;
    for Candidate { message, field } in candidates {
        let (place, found) = match (message, field) {
            (Some(message), _) => {
                let sql = "SELECT body, description FROM messages WHERE id = ?1";
                let (body, is_description) =
                    db.query_row_cached(sql, [message], |row| Ok((text(row, 0)?, row.get(1)?)))?;
                (of_message(message, is_description), body)
            }
            (None, Some(field)) => {
                let sql = "SELECT text FROM search_texts WHERE ticket = ?1 AND message IS NULL AND field = ?2";
                let value = db.query_row_cached(sql, params![ticket, field], |row| text(row, 0))?;
                (FoundIn::Field(field), value)
            }
            (None, None) => {
                let sql = "SELECT text FROM search_texts WHERE ticket = ?1 AND message IS NULL AND field IS NULL";
                (FoundIn::Subject, db.query_row_cached(sql, [ticket], |row| text(row, 0))?)
            }
        };
        let count = question.terms_in(&found);
        if best.as_ref().is_none_or(|(most, ..)| count > *most) {
            best = Some((count, place, found));
        }
        // No other has more.
        if count == question.terms.len() {
            break;
        }
    }
    Ok(match best {
        None | Some((_, FoundIn::Subject, _)) => (FoundIn::Subject, Vec::new()),
        Some((_, place, text)) => {
            let excerpt = question.excerpt(&text);
            (place, excerpt)
        }
    })
}

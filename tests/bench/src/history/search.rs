//! A search beside bare FTS5: a table without contents over the same tokens, joined with tickets and comments, with the same order, the
//! same columns, and excerpts by the same code.
//!
//! The reference knows which document of a ticket is shown from the query that finds it, and reads no other text. It has a fixed
//! question of one term: it need not understand what a user types.

use std::error::Error;
use std::hint::black_box;

use pocketdesk::model::Segment;
use pocketdesk::query::{HistoryView, Question};
use pocketdesk::store::{HistoryQuery, Store};
use rusqlite::{Connection, params};

use super::reference::{Reference, SEARCH_INDEX};
use super::{PAGE, in_turn};
use crate::figures::Figures;

const ROUNDS: usize = 101;
/// Within a frame of a screen, for words of at most this share of the documents.
const FRAME: f64 = 16.0;
const RARE: f64 = 0.01;

/// What is typed. A space at the end says that the last word is whole.
const TYPED: [(&str, &str); 10] = [
    ("a partner's name", "\"Vermi Dolkra\" "),
    ("a rare word", "Nachzahlung "),
    ("a word", "Überweisung "),
    ("a word in almost 1 %", "Zahlungsziel "),
    ("a frequent word", "Auszahlung "),
    ("a prefix of a rare word", "nachz"),
    ("a prefix of several words", "tra"),
    ("one letter", "k"),
    ("a phrase", "\"kündigung wien\" "),
    ("a frequent phrase", "\"close the ticket\" "),
];

/// First pages of 50 with their excerpts.
pub(super) fn measure(
    store: &Store,
    reference: &Reference,
    tickets: i64,
    figures: &mut Figures,
) -> Result<(), Box<dyn Error>> {
    let among = HistoryQuery::of(HistoryView::WHOLE);
    // A file from an earlier run may lack it.
    reference.db.execute_batch(SEARCH_INDEX)?;
    let documents: i64 = reference.db.query_row("SELECT count(*) FROM documents", [], |row| row.get(0))?;
    for (name, typed) in TYPED {
        let question = Question::of(typed);
        let [term] = question.terms.as_slice() else { return Err(format!("{name} is not one term").into()) };
        let expression = term.expression();
        let found: i64 =
            reference
                .db
                .query_row("SELECT count(*) FROM words WHERE words MATCH ?1", [&expression], |row| row.get(0))?;
        let page = store.search(&among, typed, None, PAGE)?;
        let theirs = search(&reference.db, &question, &expression)?;
        let same = page.hits.iter().map(|hit| Hit {
            number: hit.row.number.map_or(0, |number| number.0),
            title: hit.title.clone(),
            excerpt: hit.excerpt.clone(),
        });
        if same.collect::<Vec<_>>() != theirs {
            return Err(format!("search of {name}: the reference has other rows").into());
        }
        let name = format!("search of {name}, {found} of {documents} documents");
        let mut ours = || Ok(store.search(&among, typed, None, PAGE)?.hits.len());
        let mut theirs = || Ok(search(&reference.db, &question, &expression)?.len());
        let times = in_turn(ROUNDS, &mut ours, &mut theirs)?;
        figures.pair(&name, tickets, times, 1.3);
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        if found as f64 <= documents as f64 * RARE {
            figures.alone(&format!("{name}: time"), tickets, times.0, FRAME);
        }
    }
    for (name, typed) in [
        ("search of two words that few tickets have both of", "nachzahlung fingerprint"),
        ("search of two words, each in almost 1 %", "zahlungsziel überweisung "),
    ] {
        let mut ours = || Ok(store.search(&among, typed, None, PAGE)?.hits.len());
        figures.alone(name, tickets, in_turn(ROUNDS, &mut ours, &mut || Ok(0))?.0, FRAME);
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
struct Hit {
    number: i64,
    title: Vec<Segment>,
    excerpt: Vec<Segment>,
}

/// A hand-written search: one query for the keys of the page and how many there are, and then the rows.
fn search(db: &Connection, question: &Question, expression: &str) -> Result<Vec<Hit>, Box<dyn Error>> {
    let mut keys = db.prepare_cached(
        "WITH found AS MATERIALIZED (
             SELECT d.ticket, max(d.comment IS NULL) AS in_subject, max(d.comment) AS comment
             FROM words w CROSS JOIN documents d ON d.id = w.rowid WHERE words MATCH ?1 GROUP BY d.ticket)
         SELECT f.ticket, f.in_subject, f.comment, (SELECT count(*) FROM found)
         FROM found f CROSS JOIN tickets t INDEXED BY best_search ON t.id = f.ticket
         ORDER BY f.in_subject DESC, t.last_activity DESC, t.number DESC LIMIT 50",
    )?;
    let mut row_of = db.prepare_cached(
        "SELECT t.id, t.number, t.subject, t.status, t.escalated, t.unread, t.type, t.created_at, t.last_activity, t.has_attachments,
                substr(c.body, 1, 2000), c.author = 9001, p.name, (SELECT body FROM comments WHERE id = ?2)
         FROM tickets t LEFT JOIN people p ON p.id = t.requester
              LEFT JOIN comments c ON c.id = (SELECT id FROM comments WHERE ticket = t.id ORDER BY created_at DESC LIMIT 1)
         WHERE t.id = ?1",
    )?;
    let mut hits = Vec::with_capacity(50);
    let mut rows = keys.query([expression])?;
    while let Some(row) = rows.next()? {
        let (ticket, in_subject): (i64, bool) = (row.get(0)?, row.get(1)?);
        let comment: Option<i64> = if in_subject { None } else { row.get(2)? };
        black_box(row.get::<_, i64>(3)?);
        hits.push(row_of.query_row(params![ticket, comment], |row| {
            let (subject, status, kind): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(6)?);
            let (body, name): (Option<String>, Option<String>) = (row.get(10)?, row.get(12)?);
            let flags: (bool, bool, bool) = (row.get(4)?, row.get(5)?, row.get(9)?);
            let times: (i64, i64, i64) = (row.get(0)?, row.get(7)?, row.get(8)?);
            black_box((status, kind, body, name, flags, times, row.get::<_, Option<bool>>(11)?));
            let found: Option<String> = row.get(13)?;
            Ok(Hit {
                number: row.get(1)?,
                title: question.marked(&subject),
                excerpt: found.map(|found| question.excerpt(&found)).unwrap_or_default(),
            })
        })?);
    }
    Ok(hits)
}

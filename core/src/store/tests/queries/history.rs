//! Rows of the history: their order, the beginning of the last message, and what a page costs.

use rusqlite::{StatementStatus, params};

use super::*;
use crate::model::{Attachment, Snippet, TicketRow};
use crate::query::HistoryView;
use crate::store::queries::history::Parts;

fn snippet(fixture: &Fixture, ticket: TicketId) -> Option<(String, bool)> {
    fixture.store.ticket(ticket).unwrap().row.snippet.map(|Snippet { text, mine }| (text, mine))
}

fn mine(text: &str) -> (String, bool) {
    (text.to_owned(), true)
}

fn theirs(text: &str) -> (String, bool) {
    (text.to_owned(), false)
}

impl Fixture {
    /// Every row of the history, read in pages of `limit`.
    fn rows(&self, limit: u32) -> Vec<TicketRow> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.history(after.as_deref(), limit).unwrap();
            rows.extend(page.tickets);
            after = page.next;
            if after.is_none() {
                return rows;
            }
        }
    }

    fn numbers(&self, limit: u32) -> Vec<i64> {
        self.rows(limit).iter().map(|row| row.number.map_or(0, |number| number.0)).collect()
    }
}

#[test]
fn a_row_shows_the_beginning_of_the_last_message() {
    let fixture = fixture();
    let ticket = fixture.known();
    assert_eq!(snippet(&fixture, ticket), Some(mine("Guten Tag")));
    fixture.store.apply_ticket(&remote(500, 20), SEEN).unwrap();
    let answer = format!("\u{202e}Guten Tag,\r\n\r\n\tdanke 🙏.\n{}", "שלום ".repeat(400));
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, &answer)]);
    let (text, own) = snippet(&fixture, ticket).unwrap();
    assert!(text.starts_with("Guten Tag, danke 🙏. שלום שלום") && text.ends_with('…') && !own, "{text}");
    assert!(text.chars().count() <= 121);

    // What waits is the newest, and it is gone with its message.
    let waiting = fixture.reply(ticket, 20, "  \n Ist angekommen? ");
    assert_eq!(snippet(&fixture, ticket), Some(mine("Ist angekommen?")));
    fixture.store.discard(waiting, &DraftId("spare".to_owned())).unwrap();
    assert_eq!(snippet(&fixture, ticket), Some((text, false)));
}

#[test]
fn a_message_without_text_is_shown_by_its_file() {
    let fixture = fixture();
    let ticket = fixture.known();
    let file = Attachment { name: "März\n\u{202e}gpj.png".to_owned(), ..Attachment::default() };
    fixture.store.apply_ticket(&remote(500, 20), SEEN).unwrap();
    let only_file = RemoteComment { attachments: vec![file], ..comment(2, AGENT, " \n") };
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), only_file]);
    assert_eq!(snippet(&fixture, ticket), Some(theirs("März gpj.png")));
    fixture.store.apply_ticket(&remote(500, 30), SEEN).unwrap();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(3, AGENT, "")]);
    assert_eq!(snippet(&fixture, ticket), None);
}

#[test]
fn a_ticket_rises_while_something_in_it_waits() {
    let fixture = fixture();
    page(&fixture, &[remote(1, 10), remote(2, 20), remote(3, 30), remote(4, 40)]);
    let [first, second] = [1, 2].map(|number| fixture.store.ticket_by_number(TicketNumber(number)).unwrap().unwrap());
    for ticket in [first, second] {
        fixture.read(ticket, &[comment(1, ME, "Guten Tag")]);
    }
    let earlier = fixture.reply(second, 20, "eins");
    fixture.reply(first, 21, "zwei");
    let new = fixture.create(30);
    for limit in [1, 2, 10] {
        let rows = fixture.rows(limit);
        assert_eq!(rows[0].id, new, "in pages of {limit}");
        assert_eq!(fixture.numbers(limit), [0, 1, 2, 4, 3], "in pages of {limit}");
        assert_eq!(rows.iter().map(|row| row.unsent).collect::<Vec<_>>(), [true, true, true, false, false]);
    }
    let last = comment(1, ME, "").created_at;
    assert_eq!(fixture.rows(10)[2].last_activity_at, last, "the device's clock is behind the server's");

    // One is taken back, the other is sent: the server's time has its place at once.
    fixture.store.discard(earlier, &DraftId("spare".to_owned())).unwrap();
    let operation = fixture.attempt(fixture.thread(first)[1].0);
    fixture.store.settle_reply(&operation, &remote(1, 50), NOW).unwrap();
    assert_eq!(fixture.numbers(2), [0, 1, 4, 3, 2]);
}

#[test]
fn a_change_that_needs_the_user_raises_its_ticket_too() {
    let fixture = fixture();
    page(&fixture, &[remote(1, 10), remote(2, 20)]);
    let ticket = fixture.store.ticket_by_number(TicketNumber(1)).unwrap().unwrap();
    fixture.store.change(ticket, &solve(id(7))).unwrap();
    let row = fixture.rows(10).remove(0);
    assert_eq!((row.id, row.unsent, row.snippet), (ticket, true, None));
    assert_eq!(row.last_activity_at, remote(1, 10).updated_at, "nothing was said");
}

#[test]
fn of_a_revoked_ticket_only_what_the_user_has_not_sent_is_shown() {
    let fixture = fixture();
    page(&fixture, &[remote(500, 10), remote(501, 10)]);
    for (number, reply) in [(500, None), (501, Some("Ist das möglich?"))] {
        let ticket = fixture.store.ticket_by_number(TicketNumber(number)).unwrap().unwrap();
        fixture.read(ticket, &[comment(1, AGENT, "GEHEIMNIS-4711")]);
        assert_eq!(snippet(&fixture, ticket), Some(theirs("GEHEIMNIS-4711")));
        if let Some(reply) = reply {
            fixture.reply(ticket, 20, reply);
        }
        fixture.store.mark_thread_opened(ticket).unwrap();
        fixture.store.revoke(ticket, silent(NOW)).unwrap();
        assert_eq!(snippet(&fixture, ticket), reply.map(mine));
    }
}

#[test]
fn a_page_of_a_hundred_thousand_tickets_costs_as_much_as_the_first_one() {
    let fixture = fixture();
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)";
    fixture
        .store
        .write(Priority::User, |edit| {
            let tickets = format!(
                "{fill} INSERT INTO tickets (number, subject, server_status, created_at, updated_at, last_activity, unsent)
                 SELECT i, 'Auszahlung fehlt', 'open', i, i, i * 7919 % 1000003, 0 FROM n"
            );
            edit.tx.execute(&tickets, [100_000])?;
            let messages = format!(
                "{fill} INSERT INTO messages (ticket, comment, mine, body, created_at, unsent)
                 SELECT (i + 2) / 3, i, 1, 'Guten Tag', i, 0 FROM n"
            );
            edit.tx.execute(&messages, [300_000])?;
            Ok(())
        })
        .unwrap();
    for ticket in 1..=20 {
        fixture.reply(TicketId(ticket), 100 + u128::try_from(ticket).unwrap(), "ok");
    }

    let query = HistoryQuery::of(HistoryView::WHOLE);
    let parts = || fixture.store.read(|db| Parts::sql(db, &fixture.store.product, &query)).unwrap().concat();
    // The work of a page, in steps of SQLite's machine, is the same wherever the page begins.
    let parts = parts();
    let steps = |part: usize, after: [i64; 2]| {
        let work = |db: &Connection| {
            let mut statement = db.prepare(&parts[part])?;
            let read = statement.query_map(params![after[0], after[1], 50], |_| Ok(()))?.count();
            let (scans, sorts) = (StatementStatus::FullscanStep, StatementStatus::Sort);
            let state = |status| statement.get_status(status);
            Ok((read, state(StatementStatus::VmStep), state(scans), state(sorts)))
        };
        fixture.store.read(work).unwrap()
    };
    let (read, first, scans, sorts) = steps(2, [i64::MAX; 2]);
    assert_eq!((read, scans, sorts), (50, 0, 0));
    for activity in [900_000, 500_000, 5_000] {
        let (read, deep, scans, sorts) = steps(2, [activity, i64::MAX]);
        assert_eq!((read, scans, sorts), (50, 0, 0));
        assert!(deep < first * 2, "{deep} steps after {activity}, {first} at the top");
    }
    let (read, waiting, ..) = steps(1, [i64::MAX; 2]);
    assert!(read == 20 && waiting < first * 2, "{read} rows in {waiting} steps: as many as the outbox has");
    assert_eq!(steps(0, [i64::MAX; 2]).0, 0);

    let plan = |part: usize| -> Vec<String> {
        let explain = |db: &Connection| {
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {}", parts[part]))?;
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<_, _>>()?;
            Ok(steps)
        };
        fixture.store.read(explain).unwrap()
    };
    for part in 0..parts.len() {
        for step in
            plan(part).iter().filter(|step| [" t ", " m ", " n ", " e "].iter().any(|table| step.contains(table)))
        {
            assert!(step.starts_with("SEARCH"), "part {part}: {step}");
        }
    }
}

//! The product's status of every ticket, beside the server's: it follows every change, and a changed definition is taken
//! over in the background.

use super::*;
use crate::model::{CustomStatus, SetUp, StatusKind};
use crate::product::ServerKind;

/// A definition like the built-in one, with a custom status that it names.
const NAMED: &str = r#"{
    "schema": 1, "id": "with-custom", "version": 1, "extends": "impact-mobile@1",
    "statuses": [
        { "id": "at_the_bank", "kind": "working", "turn": "support", "reply": "yes" },
        { "id": "open", "kind": "open", "turn": "support", "reply": "yes" },
        { "id": "done", "kind": "solved", "turn": "nobody", "reply": "reopens" } ],
    "status_from": [
        { "custom": ["bank"], "to": "at_the_bank" },
        { "system": ["new", "open", "pending", "hold"], "to": "open" },
        { "system": ["solved", "closed"], "to": "done" } ],
    "strings": {
        "en": { "status.at_the_bank": "At the bank", "status.done": "Done" },
        "de": { "status.at_the_bank": "Bei der Bank", "status.done": "Fertig" },
        "es": { "status.at_the_bank": "En el banco", "status.done": "Listo" } },
    "connectors": { "zendesk": { "custom_statuses": { "bank": 4711 } }, "request_tracker": null }
}"#;

fn named() -> Product {
    Product::from_json(NAMED, ServerKind::Zendesk).unwrap()
}

fn open_with(folder: &Path, product: Product) -> Store {
    let server = "https://desk.example/";
    Store::open(folder, "ada", server, None, Arc::new(product), Arc::default()).unwrap()
}

/// The stored statuses by the tickets' numbers; `None` for one that no rule knows.
fn stored(store: &Store) -> Vec<(i64, Option<String>)> {
    let sql = "SELECT t.number, e.status FROM tickets t JOIN history_entries e ON e.ticket = t.id ORDER BY t.number";
    let statuses = &store.product.definition.statuses;
    let named = |place: i64| statuses.get(usize::try_from(place).unwrap()).map(|status| status.id.0.clone());
    store
        .read(|db| {
            let mut statement = db.prepare(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, named(row.get(1)?))))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

/// What screens show, by the tickets' numbers.
fn shown(store: &Store) -> Vec<(i64, Option<String>)> {
    let mut rows: Vec<_> = store.history(None, 200).unwrap().tickets;
    rows.sort_by_key(|row| row.number);
    rows.into_iter().map(|row| (row.number.unwrap().0, row.status.id.map(|id| id.0))).collect()
}

#[test]
fn the_stored_status_follows_whatever_changes_a_ticket() {
    let fixture = fixture();
    let ticket = fixture.known();
    let status = || stored(&fixture.store)[0].1.clone();
    assert_eq!(status().as_deref(), Some("open"));
    // Support has answered and works on it.
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, AGENT, "Wir sehen nach.")]);
    assert_eq!(status().as_deref(), Some("pending"));
    page(&fixture, &[RemoteTicket { status: ServerStatus::Pending, ..remote(500, 20) }]);
    assert_eq!(status().as_deref(), Some("awaiting_reply"));
    let reply = fixture.reply(ticket, 20, "Hier ist der Beleg. 🧾");
    fixture.store.settle_reply(&fixture.attempt(reply), &remote(500, 30), NOW).unwrap();
    assert_eq!(status().as_deref(), Some("open"));
    page(&fixture, &[RemoteTicket { status: ServerStatus::Unknown, ..remote(500, 40) }]);
    assert_eq!(status(), None);
    page(&fixture, &[RemoteTicket { status: ServerStatus::Solved, ..remote(500, 50) }]);
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    assert_eq!(status(), None);
    assert_eq!(shown(&fixture.store), stored(&fixture.store));
}

#[test]
fn another_definition_is_taken_over_in_steps_and_goes_on_after_a_crash() {
    let fixture = fixture();
    let tickets: Vec<_> = (1..=450)
        .map(|number| RemoteTicket { custom_status: (number % 3 == 0).then(|| "4711".to_owned()), ..remote(number, 0) })
        .collect();
    page(&fixture, &tickets);
    while fixture.store.rebuild_step().unwrap() {}
    let Fixture { folder, store, .. } = fixture;
    assert!(stored(&store).iter().all(|(_, status)| status.as_deref() == Some("open")));
    drop(store);

    let store = open_with(folder.path(), named());
    // Screens are right at once, before anything was computed anew.
    let expected: Vec<_> =
        (1..=50).map(|n| (n, Some(if n % 3 == 0 { "at_the_bank" } else { "open" }.to_owned()))).collect();
    let first = shown(&store);
    assert!(first.iter().all(|row| expected.contains(row) || row.0 > 50));
    assert!(store.rebuild_step().unwrap());
    assert_eq!(stored(&store)[..50], expected);
    assert_eq!(stored(&store)[299].1.as_deref(), Some("open"), "its turn comes later");
    // A ticket that changes meanwhile is right at once.
    let list = TicketList("own".to_owned());
    let solved = [RemoteTicket { status: ServerStatus::Solved, custom_status: None, ..remote(450, 60) }];
    let page = PulledPage { list: &list, tickets: &solved, step: PageStep::Incremental, seen: SEEN };
    store.apply_page(&page).unwrap();
    assert_eq!(stored(&store)[449].1.as_deref(), Some("done"));
    drop(store);

    // The process was killed. The same definition again begins nothing anew.
    let store = open_with(folder.path(), named());
    let mut steps = 0;
    while store.rebuild_step().unwrap() {
        steps += 1;
    }
    assert_eq!(steps, 4, "the first 100 were done");
    for (number, status) in stored(&store) {
        let expected = match number {
            450 => "done",
            number if number % 3 == 0 => "at_the_bank",
            _ => "open",
        };
        assert_eq!(status.as_deref(), Some(expected), "{number}");
    }
    drop(store);
    assert!(!open_with(folder.path(), named()).rebuild_step().unwrap());
}

#[test]
fn a_custom_status_that_no_rule_names_is_shown_as_the_company_calls_it() {
    let fixture = fixture();
    let custom = |id: &str| RemoteTicket { custom_status: Some(id.to_owned()), ..remote(500, 10) };
    page(&fixture, &[custom("4713")]);
    let row = || fixture.store.history(None, 1).unwrap().tickets.remove(0);
    assert_eq!(row().status.label, None);
    let now = NOW;
    assert!(fixture.store.set_up_due("de", now).unwrap(), "a label is missing");
    let status = |id: &str, label: &str, is_default| CustomStatus {
        id: id.to_owned(),
        label: (!label.is_empty()).then(|| label.to_owned()),
        is_default,
    };
    let statuses = vec![status("4713", "Liegt beim Zahlungsdienst 🏦", false), status("1", "Offen", true)];
    let set_up = SetUp { custom_statuses: Some(statuses), options: None };
    fixture.store.put_set_up(&set_up, "de", now).unwrap();
    assert_eq!(row().status.label.as_deref(), Some("Liegt beim Zahlungsdienst 🏦"));
    assert_eq!(row().status.kind, StatusKind::Open);

    // Another custom status of the same status is news from somebody else, and its label is asked for an hour later.
    fixture.store.mark_thread_opened(row().id).unwrap();
    assert!(!fixture.store.set_up_due("de", now.plus(Duration::from_hours(2))).unwrap());
    page(&fixture, &[RemoteTicket { updated_at: Timestamp(NOW.0 + 660_000), ..custom("4714") }]);
    assert!(row().unread);
    assert!(!fixture.store.set_up_due("de", now).unwrap());
    assert!(fixture.store.set_up_due("de", now.plus(Duration::from_hours(2))).unwrap());
    // A default one says what the product's own words say.
    page(&fixture, &[RemoteTicket { updated_at: Timestamp(NOW.0 + 720_000), ..custom("1") }]);
    assert_eq!(row().status.label, None);
    // Screens in another language ask again, and so does a new day.
    fixture.store.put_set_up(&set_up, "de", now).unwrap();
    assert!(fixture.store.set_up_due("es", now.plus(Duration::from_hours(2))).unwrap());
    assert!(fixture.store.set_up_due("de", now.plus(Duration::from_hours(25))).unwrap());
}

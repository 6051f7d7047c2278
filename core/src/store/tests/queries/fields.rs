//! The values of the product's own fields: stored with their types, replaced by newer answers, gone with their ticket.

use std::collections::BTreeMap;

use crate::model::{FieldValue, RemoteTicket, ServerStatus, Timestamp};
use crate::store::tests::*;

const MARKER: &str = "Kontonummer-DE89370400440532013000";

fn with(fields: &[(&str, FieldValue)], minutes: i64) -> RemoteTicket {
    let fields = fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    RemoteTicket { fields, ..remote(500, minutes) }
}

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

fn stored(fixture: &Fixture, ticket: TicketId) -> BTreeMap<String, FieldValue> {
    fixture.store.field_values(ticket).unwrap()
}

#[test]
fn an_answer_replaces_the_values_also_without_another_time_of_update() {
    let fixture = fixture();
    let ticket = fixture.known();
    let first = [("escalation", text("CP-1042")), ("call_at", FieldValue::Instant(Timestamp(1_772_712_000_000)))];
    page(&fixture, &[with(&first, 10)]);
    assert_eq!(stored(&fixture, ticket), with(&first, 10).fields, "the same time of update, and other values");
    let next =
        [("call_at", FieldValue::Instant(Timestamp(1_772_715_600_000))), ("resources", FieldValue::List(Vec::new()))];
    page(&fixture, &[with(&next, 20)]);
    assert_eq!(stored(&fixture, ticket), with(&next, 20).fields);
    // An older answer comes late.
    let late = Observation { server: Some(Timestamp(NOW.0 + 1_200_000)), ..SEEN };
    let list = TicketList("own".to_owned());
    let older = [with(&first, 10)];
    fixture
        .store
        .apply_page(&PulledPage { list: &list, tickets: &older, step: PageStep::Incremental, seen: late })
        .unwrap();
    assert_eq!(stored(&fixture, ticket), with(&next, 20).fields);
    page(&fixture, &[with(&[], 30)]);
    assert!(stored(&fixture, ticket).is_empty());
}

#[test]
fn a_value_that_the_server_takes_back_leaves_the_disk() {
    let fixture = fixture();
    let ticket = fixture.known();
    page(&fixture, &[with(&[("account", text(MARKER))], 20)]);
    assert!(fixture.has_on_disk(MARKER));
    page(&fixture, &[with(&[("account", text("geschwärzt"))], 30)]);
    while fixture.store.secure_delete_step().unwrap() {}
    assert!(!fixture.has_on_disk(MARKER));

    page(&fixture, &[with(&[("account", text(MARKER))], 40)]);
    assert!(fixture.has_on_disk(MARKER));
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    while fixture.store.secure_delete_step().unwrap() {}
    assert!(stored(&fixture, ticket).is_empty());
    assert!(!fixture.has_on_disk(MARKER));
}

#[test]
fn a_value_that_cannot_be_read_costs_itself() {
    let fixture = fixture();
    let ticket = fixture.known();
    page(&fixture, &[with(&[("escalation", text("CP-1042")), ("account", text("x"))], 20)]);
    // A later version may have stored a type that this one does not know.
    let odd = "UPDATE field_values SET value = '{\"type\":\"hologram\",\"value\":1}' WHERE field = 'account'";
    fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute_batch(odd)?)).unwrap();
    assert_eq!(stored(&fixture, ticket), BTreeMap::from([("escalation".to_owned(), text("CP-1042"))]));
    page(&fixture, &[RemoteTicket { status: ServerStatus::Solved, ..with(&[("account", text("y"))], 30) }]);
    assert_eq!(stored(&fixture, ticket), BTreeMap::from([("account".to_owned(), text("y"))]));
}

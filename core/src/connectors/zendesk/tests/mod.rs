//! Tests of the connector's parts with single answers. Whole scenarios run against the sandbox in `core/tests/connector`
//! and `tests/connectors`.

mod anonymous;
mod mapping;
mod odd;
mod paging;
mod refusals;
mod set_up;
mod texts;

use std::sync::LazyLock;

use serde_json::Value;
use url::Url;

use super::fields::Fields;
use super::map::Mapping;
use crate::connectors::json::{Document, Row};
use crate::model::{RemoteComment, RemoteTicket, Timestamp};
use crate::net::Origin;

static FIELDS: LazyLock<Fields> = LazyLock::new(|| Fields {
    issue_type: Some(360_001),
    access: Some(360_002),
    client_reference: Some(360_003),
    ..Fields::default()
});

static SERVER: LazyLock<Option<Origin>> = LazyLock::new(|| Origin::of(Url::parse("https://help.example.com").unwrap()));

/// The time of every answer: 2026-03-05T12:00:00Z.
const NOW: Timestamp = Timestamp(1_772_712_000_000);

fn mapping() -> Mapping<'static> {
    Mapping { fields: &FIELDS, now: Some(NOW), origin: SERVER.as_ref() }
}

fn ticket(row: &Value) -> Row<RemoteTicket> {
    let row = row.to_string();
    mapping().ticket(Document::of(row.as_bytes()).unwrap().root())
}

fn comment(row: &Value) -> Row<RemoteComment> {
    let row = row.to_string();
    mapping().comment(Document::of(row.as_bytes()).unwrap().root())
}

fn read<T>(row: Row<T>) -> T {
    match row {
        Row::Read(row) => row,
        Row::Hidden => panic!("hidden"),
        Row::Unreadable(id) => panic!("unreadable: {id:?}"),
    }
}

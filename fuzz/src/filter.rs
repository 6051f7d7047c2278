//! Filters, orders and cursors of the history: whatever is asked for, a page has rows of the history that the filter holds for.
//!
//! The account is a real one ([`account`](crate::account)), the same in every run. The first bytes of the input choose a filter, an
//! order and a length; the rest is the text of a cursor, or of an id that no product has. A naive reading of the whole history says
//! what is right.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use pocketdesk::Client;
use pocketdesk::client::HistoryRequest;
use pocketdesk::model::{StatusId, TicketId, TicketRow, Timestamp};
use pocketdesk::query::{CreatorFilter, HistoryFilter, HistorySort, SortKey};
use pocketdesk::store::{PageFrom, StoreError};
use tempfile::TempDir;

use crate::account;

const STATUSES: [&str; 5] = ["open", "pending", "awaiting_reply", "solved", "closed"];
const KEYS: [SortKey; 5] = [SortKey::LastActivity, SortKey::Created, SortKey::Status, SortKey::Creator, SortKey::Read];

/// The account, and every row of its history.
struct History {
    client: Client,
    rows: Vec<TicketRow>,
    _folder: TempDir,
}

static HISTORY: OnceLock<History> = OnceLock::new();

pub(crate) fn run(data: &[u8]) {
    let History { client, rows, .. } = HISTORY.get_or_init(history);
    let mut bytes = data.iter().copied();
    let mut next = || bytes.next().unwrap_or_default();
    let [statuses, flags, key, limit, day] = [next(), next(), next(), next(), next()];
    let text = String::from_utf8_lossy(data.get(5..).unwrap_or_default()).into_owned();

    let mut filter = HistoryFilter {
        statuses: (0..).zip(STATUSES).filter(|(bit, _)| statuses >> bit & 1 == 1).map(|(_, id)| named(id)).collect(),
        creator: if flags & 1 == 1 { CreatorFilter::Me } else { CreatorFilter::Anyone },
        read: (flags & 2 == 2).then_some(flags & 4 == 4),
        ..HistoryFilter::default()
    };
    if flags & 8 == 8 {
        filter.statuses.insert(named(&text));
    }
    if flags & 16 == 16 {
        filter.ticket_types.insert(text.clone());
    }
    let created: BTreeSet<i64> = rows.iter().map(|row| row.created_at.0).collect();
    if flags & 32 == 32 {
        filter.created_from = created.iter().nth(usize::from(day)).copied().or(Some(i64::MAX)).map(Timestamp);
    }
    let sort = HistorySort { key: KEYS[usize::from(key) % KEYS.len()], descending: flags & 64 == 64 };
    let request = HistoryRequest { scope: (flags & 128 == 128).then(|| text.clone()), filter, sort: Some(sort) };
    let limit = u32::from(limit) % 60;

    // Any text is a cursor of this history, or none.
    for from in [PageFrom::After(&text), PageFrom::Before(&text)] {
        match client.history_page(&request, from, limit) {
            Ok(page) => assert!(page.tickets.iter().all(|row| holds(row, &request.filter)), "{request:?}"),
            Err(error) => assert_eq!(error, StoreError::InvalidCursor),
        }
    }

    let (mut found, mut after): (Vec<TicketRow>, Option<String>) = (Vec::new(), None);
    loop {
        let from = after.as_deref().map_or(PageFrom::Top, PageFrom::After);
        let page = client.history_page(&request, from, limit).expect("a page");
        found.extend(page.tickets);
        assert!(found.len() <= rows.len(), "a row is shown twice");
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let expected: BTreeSet<TicketId> =
        rows.iter().filter(|row| holds(row, &request.filter)).map(|row| row.id).collect();
    assert_eq!(found.iter().map(|row| row.id).collect::<BTreeSet<_>>(), expected, "{request:?}");
    assert_eq!(found.len(), expected.len(), "a row is shown twice");
    let counts = client.history_counts(&request).expect("counts");
    assert_eq!(counts.total, expected.len() as u64, "{request:?}");
    let keys: Vec<(bool, i64)> =
        found.iter().filter(|row| !row.unsent).filter_map(|row| sort_key(row, sort.key)).collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    if sort.descending {
        sorted.reverse();
    }
    assert_eq!(keys, sorted, "{request:?}");
}

fn named(id: &str) -> StatusId {
    StatusId(id.to_owned())
}

fn sort_key(row: &TicketRow, key: SortKey) -> Option<(bool, i64)> {
    match key {
        SortKey::LastActivity => Some((true, row.last_activity_at.0)),
        SortKey::Created => Some((true, row.created_at.0)),
        SortKey::Status | SortKey::Creator | SortKey::Read => None,
    }
}

/// What the filter means. Every ticket of the account is this user's own, and none has a type.
fn holds(row: &TicketRow, filter: &HistoryFilter) -> bool {
    (filter.statuses.is_empty() || row.status.id.as_ref().is_some_and(|id| filter.statuses.contains(id)))
        && filter.read.is_none_or(|read| read != row.unread)
        && filter.ticket_types.is_empty()
        && filter.created_from.is_none_or(|from| row.created_at >= from)
}

fn history() -> History {
    let folder = account::folder();
    for (path, bytes) in account::written() {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    let client = account::open(folder.path()).expect("the account");
    let (mut rows, mut after): (Vec<TicketRow>, Option<String>) = (Vec::new(), None);
    loop {
        let page = client.history(after.as_deref(), 200).expect("a page");
        rows.extend(page.tickets);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert!(rows.len() > 40);
    History { client, rows, _folder: folder }
}

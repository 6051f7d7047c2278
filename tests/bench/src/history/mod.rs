//! The history beside what a developer would write by hand: the same rows with the same columns, from a file of its own with the least
//! schema and, for each query, the one index that is best for it.
//!
//! Both files are filled with the same tickets, comments and people. Each pair of queries takes turns in one run, so that both meet the
//! same machine; what is quoted is the ratio of the medians. `figures.json` has every pair.

mod content;
mod reference;

use std::collections::BTreeSet;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pocketdesk::model::StatusId;
use pocketdesk::product::{Product, ServerKind};
use pocketdesk::query::{CreatorFilter, HistoryFilter, HistorySort, HistoryView, SortKey};
use pocketdesk::store::{HistoryQuery, PageFrom, RowFault, Store, StoreError};

pub use self::reference::SCHEMA;
use self::reference::{BY_ACTIVITY, Reference};
use crate::figures::Figures;

/// A page on a phone.
const PAGE: u32 = 50;
const ROUNDS: usize = 301;
pub(super) const SERVER: &str = "http://127.0.0.1:9/";

/// One query of ours, and what it is compared with.
struct Pair {
    name: &'static str,
    filter: HistoryFilter,
    sort: HistorySort,
    /// The reference's index, its condition and its order; `None` if there is nothing to compare with.
    reference: Option<[&'static str; 3]>,
    /// The most that the ratio may be, or the most milliseconds without a reference.
    reach: f64,
}

/// Measures every filter and every order over `tickets` tickets with ten comments each.
pub fn measure(folder: &Path, tickets: i64, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let account = format!("history-{tickets}");
    let store = open(folder, &account)?;
    content::fill(&store, tickets)?;
    while store.rebuild_step()? {}
    let reference = Reference::open(&folder.join(format!("history-reference-{tickets}.sqlite3")), tickets)?;
    for Pair { name, filter, sort, reference: compared, reach } in pairs().into_iter().chain(two_filters()) {
        let query = HistoryQuery { view: HistoryView::WHOLE, filter, sort };
        let first = store.history_page(&query, PageFrom::Top, PAGE)?;
        let name = format!("{name}, {} rows of {}", first.tickets.len(), first.total);
        let mut ours = || Ok(store.history_page(&query, PageFrom::Top, PAGE)?.tickets.len());
        match compared {
            Some(query) => {
                let theirs = reference.page(query, None, PAGE)?;
                if theirs != first.tickets.iter().map(|row| row.number.map_or(0, |number| number.0)).collect::<Vec<_>>()
                {
                    return Err(format!("{name}: the reference has other rows").into());
                }
                let mut theirs = || Ok(reference.page(query, None, PAGE)?.len());
                figures.pair(&name, tickets, in_turn(ROUNDS, &mut ours, &mut theirs)?, reach);
            }
            None => figures.alone(&name, tickets, in_turn(ROUNDS, &mut ours, &mut || Ok(0))?.0, reach),
        }
    }
    deep(&store, &reference, tickets, figures)?;
    let query = HistoryQuery::of(HistoryView::WHOLE);
    let counts = in_turn(ROUNDS, &mut || Ok(usize::try_from(store.history_counts(&query)?.total)?), &mut || Ok(0))?.0;
    figures.alone("all counts beside the filters", tickets, counts, 1.0);
    Ok(())
}

/// Page 1,000 beside page 1, and beside the reference at the same place.
fn deep(store: &Store, reference: &Reference, tickets: i64, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let query = HistoryQuery::of(HistoryView::WHOLE);
    let (mut after, mut skipped) = (None::<String>, 0_u32);
    let deep = u32::try_from(tickets).unwrap_or(u32::MAX).min(100_000) / 2;
    while skipped < deep {
        let page = store.history_page(&query, after.as_deref().map_or(PageFrom::Top, PageFrom::After), 200)?;
        skipped += 200;
        after = page.next;
    }
    let Some(after) = after else { return Ok(()) };
    let page = store.history_page(&query, PageFrom::After(&after), PAGE)?;
    let Some(place) = page.tickets.first().and_then(|row| Some([row.last_activity_at.0, row.number?.0 + 1])) else {
        return Ok(());
    };
    let mut first = || Ok(store.history_page(&query, PageFrom::Top, PAGE)?.tickets.len());
    let mut ours = || Ok(store.history_page(&query, PageFrom::After(&after), PAGE)?.tickets.len());
    let mut theirs = || Ok(reference.page(BY_ACTIVITY, Some(place), PAGE)?.len());
    let name = format!("page {} of 50", deep / PAGE);
    figures.pair(&format!("{name} beside page 1"), tickets, in_turn(ROUNDS, &mut ours, &mut first)?, 1.3);
    figures.pair(&name, tickets, in_turn(ROUNDS, &mut ours, &mut theirs)?, 1.15);
    Ok(())
}

type Work<'a> = &'a mut dyn FnMut() -> Result<usize, Box<dyn Error>>;

/// The medians of both, which take turns.
fn in_turn(rounds: usize, ours: Work<'_>, theirs: Work<'_>) -> Result<(Duration, Duration), Box<dyn Error>> {
    let mut times = [Vec::with_capacity(rounds), Vec::with_capacity(rounds)];
    for round in 0..rounds {
        // Neither is always the one that finds the processor's caches as the other left them.
        for which in if round % 2 == 0 { [0, 1] } else { [1, 0] } {
            let start = Instant::now();
            black_box(if which == 0 { ours()? } else { theirs()? });
            times[which].push(start.elapsed());
        }
    }
    let [ours, theirs] = times.map(|mut times| crate::quantile(&mut times, 0.5));
    Ok((ours, theirs))
}

fn open(folder: &Path, account: &str) -> Result<Store, StoreError> {
    let definition = r#"{ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1" }"#;
    let product = Product::from_json(definition, ServerKind::Zendesk);
    let product = Arc::new(product.map_err(|_| StoreError::Unreadable(RowFault::Json))?);
    Store::open(folder, account, SERVER, None, product, Arc::default())
}

fn pairs() -> Vec<Pair> {
    let newest = HistorySort::default();
    let sort = |key, descending| HistorySort { key, descending };
    let of = |name, filter, reference| Pair { name, filter, sort: newest, reference: Some(reference), reach: 1.3 };
    let by = |name, sort, reference| Pair {
        name,
        filter: HistoryFilter::default(),
        sort,
        reference: Some(reference),
        reach: 1.3,
    };
    let statuses = |id: &str| BTreeSet::from([StatusId(id.to_owned())]);
    let texts = |id: &str| BTreeSet::from([id.to_owned()]);
    let any = HistoryFilter::default;
    let activity = "last_activity DESC, number DESC";
    vec![
        Pair { reach: 1.15, ..by("first page", newest, BY_ACTIVITY) },
        of(
            "status",
            HistoryFilter { statuses: statuses("open"), ..any() },
            ["status, last_activity, number", "status = 'open'", activity],
        ),
        of(
            "mark",
            HistoryFilter { marks: texts("escalated"), ..any() },
            ["escalated, last_activity, number", "escalated = 1", activity],
        ),
        of(
            "unread",
            HistoryFilter { read: Some(false), ..any() },
            ["unread, last_activity, number", "unread = 1", activity],
        ),
        of(
            "read",
            HistoryFilter { read: Some(true), ..any() },
            ["unread, last_activity, number", "unread = 0", activity],
        ),
        of(
            "mine",
            HistoryFilter { creator: CreatorFilter::Me, ..any() },
            ["requester, last_activity, number", "requester = 9001", activity],
        ),
        of(
            "type",
            HistoryFilter { ticket_types: texts("phone"), ..any() },
            ["type, last_activity, number", "type = 'phone'", activity],
        ),
        by(
            "by creation, newest first",
            sort(SortKey::Created, true),
            ["created_at, number", "1", "t.created_at DESC, number DESC"],
        ),
        by(
            "by creation, oldest first",
            sort(SortKey::Created, false),
            ["created_at, number", "1", "t.created_at, number"],
        ),
        by(
            "by activity, oldest first",
            sort(SortKey::LastActivity, false),
            ["last_activity, number", "1", "last_activity, number"],
        ),
        by(
            "by status",
            sort(SortKey::Status, false),
            ["rank, last_activity DESC, number DESC", "1", "rank, last_activity DESC, number DESC"],
        ),
        by(
            "by status, last first",
            sort(SortKey::Status, true),
            ["rank DESC, last_activity DESC, number DESC", "1", "rank DESC, last_activity DESC, number DESC"],
        ),
        by(
            "by creator",
            sort(SortKey::Creator, false),
            [
                "requester_name, requester, last_activity DESC, number DESC",
                "1",
                "requester_name, requester, last_activity DESC, number DESC",
            ],
        ),
        by(
            "by creator, last first",
            sort(SortKey::Creator, true),
            [
                "requester_name DESC, requester DESC, last_activity DESC, number DESC",
                "1",
                "requester_name DESC, requester DESC, last_activity DESC, number DESC",
            ],
        ),
        by(
            "by read, unread first",
            sort(SortKey::Read, false),
            ["unread DESC, last_activity DESC, number DESC", "1", "unread DESC, last_activity DESC, number DESC"],
        ),
    ]
}

/// Two filters at once. There is no index that is best for both, so the time itself is what counts.
fn two_filters() -> Vec<Pair> {
    let two = |name, filter| Pair { name, filter, sort: HistorySort::default(), reference: None, reach: 16.0 };
    let by_creation = HistorySort { key: SortKey::Created, descending: true };
    let statuses = |id: &str| BTreeSet::from([StatusId(id.to_owned())]);
    let texts = |id: &str| BTreeSet::from([id.to_owned()]);
    let any = HistoryFilter::default;
    vec![
        two("unread and closed", HistoryFilter { read: Some(false), statuses: statuses("closed"), ..any() }),
        two("mine and phone", HistoryFilter { creator: CreatorFilter::Me, ticket_types: texts("phone"), ..any() }),
        two("open and mine", HistoryFilter { statuses: statuses("open"), creator: CreatorFilter::Me, ..any() }),
        two("escalated and read", HistoryFilter { marks: texts("escalated"), read: Some(true), ..any() }),
        two(
            "closed and a type that few have",
            HistoryFilter { statuses: statuses("closed"), ticket_types: texts("conference_call"), ..any() },
        ),
        Pair {
            sort: by_creation,
            ..two(
                "mine and closed by creation",
                HistoryFilter { creator: CreatorFilter::Me, statuses: statuses("closed"), ..any() },
            )
        },
    ]
}

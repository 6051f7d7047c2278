//! The history beside what a developer would write by hand: the same rows with the same columns, from a file of its own with the least
//! schema and, for each query, the one index that is best for it.
//!
//! Both files are filled with the same tickets, comments and people. Each pair of queries takes turns in one run, so that both meet the
//! same machine; what is quoted is the ratio of the medians. `figures.json` has every pair.

mod content;
mod ingest;
mod opening;
mod pairs;
mod reference;
mod scroll;
mod search;
mod size;

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pocketdesk::product::{Product, ServerKind};
use pocketdesk::query::HistoryView;
use pocketdesk::store::{HistoryQuery, PageFrom, RowFault, Store, StoreError};

pub use self::content::print as print_tickets;
use self::pairs::{BY_ACTIVITY, Pair, pairs, two_filters};
use self::reference::Reference;
pub use self::reference::SCHEMA;
pub use self::scroll::alone as scroll_alone;
use crate::figures::Figures;

/// A page on a phone.
const PAGE: u32 = 50;
const ROUNDS: usize = 301;
pub(super) const SERVER: &str = "http://127.0.0.1:9/";

/// Measures everything about the history of a file with so many tickets with ten comments each, one part after the other, for each of
/// these sizes. `least` of them is the size with which others are compared. `only`: the one part that is measured.
pub fn measure(folder: &Path, sizes: &[i64], only: Option<&str>) -> Result<(), Box<dyn Error>> {
    println!("the reference's schema, with one index for each query:{SCHEMA}");
    for &tickets in sizes {
        let store = open(folder, &account(tickets))?;
        content::fill(&store, tickets)?;
        while store.rebuild_step()? {}
        let reference = Reference::open(folder, tickets)?;
        let part =
            |name: &str| (only.is_none_or(|only| only == name)).then(|| Figures::of(&format!("{name}-{tickets}")));
        if let Some(mut figures) = part("history") {
            history(&store, &reference, tickets, &mut figures)?;
            figures.write(folder)?;
        }
        if let Some(mut figures) = part("search") {
            search::measure(&store, &reference, tickets, &mut figures)?;
            figures.write(folder)?;
        }
        store.close();
        drop(reference);
        if let Some(mut figures) = part("scroll") {
            scroll::measure(folder, tickets, &mut figures)?;
            figures.write(folder)?;
        }
        if let Some(mut figures) = part("size") {
            size::measure(folder, tickets, &mut figures)?;
            figures.write(folder)?;
        }
        if let Some(mut figures) = part("opening") {
            let least = sizes.iter().copied().min().unwrap_or(tickets);
            opening::measure(folder, least, tickets, &mut figures)?;
            figures.write(folder)?;
        }
        if let Some(mut figures) = part("ingest").filter(|_| tickets <= ingest::MOST) {
            ingest::measure(folder, tickets, &mut figures)?;
            figures.write(folder)?;
        }
    }
    Ok(())
}

/// Measures every filter and every order.
fn history(store: &Store, reference: &Reference, tickets: i64, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
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
    deep(store, reference, tickets, figures)?;
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

/// The account with so many tickets.
fn account(tickets: i64) -> String {
    format!("tickets-{tickets}")
}

/// A product with statuses, types and a mark, in which everybody sees every ticket. In Kotlin and Swift it is the same.
const DEFINITION: &str = r#"{ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1",
    "history": { "scopes": [{ "id": "mine", "is": ["any"] }] } }"#;

fn open(folder: &Path, account: &str) -> Result<Store, StoreError> {
    let product = Product::from_json(DEFINITION, ServerKind::Zendesk);
    let product = Arc::new(product.map_err(|_| StoreError::Unreadable(RowFault::Json))?);
    Store::open(folder, account, SERVER, None, product, Arc::default())
}

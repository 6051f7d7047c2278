//! One pass over the pages of a list, in one of two ways, until they end or turn out to be endless.
//!
//! A list is read by cursor. If its cursors have failed, it is read by page numbers. A place in such a list is written
//! as `#` and the number of rows before it, so it stays right when the size of the pages changes.
//!
//! Pages may lead in a circle, or never end. A pass is *endless* if the server names a place for the second time, or if
//! the pass has read many more rows than the list can have. The list can have the rows that the server has counted, or
//! the tickets that the file knows, whichever is more. The pass may read one and a half times as many, and a few pages
//! more. After an endless pass, the list is read in the other way (`store/schedule/pauses.rs`).

use std::collections::BTreeSet;

use crate::model::{Answered, Failed, Failure, TicketList, TicketPage};
use crate::sync::context::SyncContext;
use crate::sync::report::SyncFailure;

/// The server answers with an error if sorted pages are read beyond this many rows.
pub(super) const SORTED_ROWS: u32 = 10_000;
/// How many pages more than expected a pass may read.
const SPARE_PAGES: u64 = 3;
/// How often a page that is too slow is halved. Each attempt takes long, so then the list fails, and the next run
/// begins with the smaller page.
const PATIENCE: u32 = 2;
/// A page counts as at least this many rows, or as a whole page if that is fewer. So a pass over empty pages also comes
/// to an end.
const LEAST_ROWS: u32 = 10;

/// Why a page could not be read.
pub(in crate::sync) enum PageFailure {
    /// The pages do not end.
    Endless,
    /// The request failed.
    Failed(SyncFailure),
}

impl PageFailure {
    /// Whether the server says that the list is not there for this user.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Failed(failure) if failure.is_absent())
    }
}

impl<T: Into<SyncFailure>> From<T> for PageFailure {
    fn from(failure: T) -> Self {
        Self::Failed(failure.into())
    }
}

/// One pass over a list.
pub(in crate::sync) struct Pass<'a> {
    ctx: &'a SyncContext<'a>,
    list: &'a TicketList,
    by_number: bool,
    /// How many rows were read.
    rows: u64,
    /// How many rows the list has, as the server last said.
    expected: Option<u64>,
    places: BTreeSet<String>,
}

impl<'a> Pass<'a> {
    /// Continues a pass that has read `rows` rows already.
    pub fn new(ctx: &'a SyncContext<'a>, list: &'a TicketList, rows: u64) -> Result<Self, SyncFailure> {
        let state = ctx.store.list_state(list)?;
        let (by_number, expected) = (state.by_number, state.expected_rows);
        Ok(Self { ctx, list, by_number, rows, expected, places: BTreeSet::new() })
    }

    /// How many rows were read.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Reads the page at `place`. The page names the place of the next one. `None` as the place of a page is the
    /// beginning of the list; `None` as the next place is its end.
    pub async fn page(&mut self, place: Option<&str>) -> Result<Answered<TicketPage>, PageFailure> {
        // The caller has stored the rows of the earlier pages, so the file knows their tickets.
        if place.is_some() && self.is_endless()? {
            return Err(PageFailure::Endless);
        }
        let page = if self.by_number { self.numbered(place).await } else { self.by_cursor(place).await }?;
        self.ctx.health.good_page();
        let read = page.value.tickets.len() as u64 + u64::from(page.value.unreadable.count());
        self.rows += read.max(LEAST_ROWS.min(self.ctx.product.sync.page_size).into());
        if page.value.next.as_ref().is_some_and(|next| !self.places.insert(next.clone())) {
            return Err(PageFailure::Endless);
        }
        Ok(page)
    }

    /// Whether many more rows were read than the list can have.
    fn is_endless(&self) -> Result<bool, SyncFailure> {
        let spare = SPARE_PAGES * u64::from(self.ctx.product.sync.page_size.max(1));
        let is_more_than = |rows: u64| self.rows > rows + rows / 2 + spare;
        Ok(is_more_than(self.expected.unwrap_or_default()) && is_more_than(self.ctx.store.known_tickets()?))
    }

    async fn by_cursor(&self, cursor: Option<&str>) -> Result<Answered<TicketPage>, SyncFailure> {
        let mut patience = PATIENCE;
        loop {
            let rows = self.ctx.health.page_rows(self.ctx.product.sync.page_size);
            match self.ctx.remote.list_page(self.list, cursor, rows).await {
                Err(failed) if is_to_be_halved(&failed, rows, &mut patience) => self.ctx.health.too_slow(),
                page => return Ok(page?),
            }
        }
    }

    async fn numbered(&self, place: Option<&str>) -> Result<Answered<TicketPage>, SyncFailure> {
        let before = place.and_then(|place| place.strip_prefix('#')).and_then(|rows| rows.parse().ok());
        let (mut page, before) = sorted_rows(self.ctx, self.list, before.unwrap_or_default()).await?;
        let more = page.value.next.is_some() && !page.value.tickets.is_empty();
        let reachable = before < SORTED_ROWS;
        if more && !reachable {
            // The server has more rows, but does not sort so many. So their absence must not be taken for missing
            // tickets.
            page.value.unreadable.unknown = page.value.unreadable.unknown.saturating_add(1);
        }
        let more = more && reachable;
        page.value.next = more.then(|| format!("#{before}"));
        Ok(page)
    }
}

/// The sorted page of `list` that contains the row after `before` rows, and how many rows there are before its next page.
pub(super) async fn sorted_rows(
    ctx: &SyncContext<'_>,
    list: &TicketList,
    before: u32,
) -> Result<(Answered<TicketPage>, u32), SyncFailure> {
    let mut patience = PATIENCE;
    loop {
        let rows = ctx.health.page_rows(ctx.product.sync.page_size).max(1);
        let number = before / rows + 1;
        match ctx.remote.sorted_page(list, number, rows).await {
            Err(failed) if is_to_be_halved(&failed, rows, &mut patience) => ctx.health.too_slow(),
            page => return Ok((page?, number.saturating_mul(rows))),
        }
    }
}

/// Whether to ask for the page again with half of its rows: it was too large, or it was too slow and `patience` is
/// left.
pub(in crate::sync) fn is_to_be_halved(failed: &Failed, rows: u32, patience: &mut u32) -> bool {
    if rows <= 1 || !failed.failure.is_too_much() {
        return false;
    }
    if failed.failure.is_too_large() {
        return true;
    }
    let is_patient = *patience > 0;
    *patience = patience.saturating_sub(1);
    is_patient
}

/// Whether a list says that it does not know the place. Then it is read from its beginning.
pub(in crate::sync) fn is_place_unknown(failure: &PageFailure) -> bool {
    matches!(failure, PageFailure::Failed(SyncFailure::Server(failure)) if failure.is_refused())
}

/// The failure of a pass in the form that the user is told, and whether its pages did not end.
pub(in crate::sync) fn failure_of(failure: PageFailure) -> (SyncFailure, bool) {
    match failure {
        PageFailure::Endless => (Failure::misbehaves().into(), true),
        PageFailure::Failed(failure) => (failure, false),
    }
}

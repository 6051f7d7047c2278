//! The rows of the history that a screen holds ([`HistoryWindow`]).

use rusqlite::Connection;

use super::counts;
use super::page::{HistoryPage, Parts, Place, PlacedRow, Start, readable};
use super::view::HistoryQuery;
use crate::query::{HistoryWindow, cursor, place};
use crate::store::{Store, StoreError};

/// The rows of a window, and the windows beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRows {
    /// The rows. Its cursors are there where the view has more rows.
    pub page: HistoryPage,
    /// The window for which to ask again: the one that was asked for, or one at the top if nothing stands above it.
    pub window: HistoryWindow,
    /// The window one page further up; `None` at the top.
    pub up: Option<HistoryWindow>,
    /// The window one page further down; `None` at the end.
    pub down: Option<HistoryWindow>,
}

impl Store {
    /// The rows of a window, all of the same moment. A window that no longer has a place in the view begins at the top: the product
    /// definition may have changed since it was saved.
    pub fn history_rows(&self, query: &HistoryQuery, window: &HistoryWindow) -> Result<HistoryRows, StoreError> {
        let window = window.within_limits();
        match self.rows_of(query, &window) {
            Err(StoreError::InvalidCursor) if window.at.is_some() => self.rows_of(query, &window.at_top()),
            rows => rows,
        }
    }

    fn rows_of(&self, query: &HistoryQuery, window: &HistoryWindow) -> Result<HistoryRows, StoreError> {
        let at = window.at.as_deref().map(|at| place(at).ok_or(StoreError::InvalidCursor)).transpose()?;
        self.read(|db| {
            let parts = Parts::of(db, &self.product, query, false)?;
            let total = counts::total(db, &self.product, query, parts.entries)?;
            let start = at.map_or(Ok(Start::First), |at| self.start(db, query, at, window.rows_above))?;
            // One row more says whether there is one.
            let limit = window.row_count + 1;
            let mut rows = parts.read(db, &self.product, start, readable(query, start, limit, total))?;
            let has_below = cut(&mut rows, window.row_count);
            let mut has_above = start != Start::First;
            if let (Start::At(at), true) = (start, rows.is_empty()) {
                // Everything from there on is gone. The end of what is left is closest to it.
                rows = self.above(db, query, at, limit)?;
                has_above = cut(&mut rows, window.row_count);
                rows.reverse();
            }
            let places: Vec<Place> = rows.iter().map(|(place, _)| *place).collect();
            let first = places.first().filter(|_| has_above);
            let last = places.last().filter(|_| has_below);
            Ok(HistoryRows {
                window: if has_above { window.clone() } else { window.at_top() },
                up: first.map(|first| window.up(*first)),
                down: last.and_then(|_| window.down(&places, !has_above)),
                page: HistoryPage {
                    previous: first.map(|first| cursor(*first)),
                    next: last.map(|last| cursor(*last)),
                    ..HistoryPage::of(query, parts.entries, total, rows)
                },
            })
        })
    }

    /// Where a window begins that has `above` rows above a place.
    fn start(&self, db: &Connection, query: &HistoryQuery, at: Place, above: u32) -> Result<Start, StoreError> {
        // One row more, because a window that has nothing above it is one at the top.
        let mut rows = self.above(db, query, at, above + 1)?;
        if !cut(&mut rows, above) {
            return Ok(Start::First);
        }
        Ok(Start::At(rows.last().map_or(at, |(place, _)| *place)))
    }

    /// Up to `limit` rows above a place, from there upwards.
    fn above(
        &self,
        db: &Connection,
        query: &HistoryQuery,
        at: Place,
        limit: u32,
    ) -> Result<Vec<PlacedRow>, StoreError> {
        Parts::of(db, &self.product, query, true)?.read(db, &self.product, Start::Beyond(at), limit)
    }
}

/// Shortens what was read to `limit` rows. Returns whether there are more.
fn cut(rows: &mut Vec<PlacedRow>, limit: u32) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_longer = rows.len() > limit;
    rows.truncate(limit);
    is_longer
}

//! Which rows of a view a screen holds.
//!
//! # The story
//!
//! A screen holds a window: the rows from one place on, as many as were scrolled to, and at most [`MOST_ROWS_HELD`]. What is read with it says
//! which window stands one page further down, and which one further up ([`HistoryWindow::down`], [`HistoryWindow::up`]). The screen
//! asks for one of them when the user comes near an end, and for the same window again after a change. A window that is full loses a
//! page at its other end, far from what the user sees.
//!
//! A window begins at the place of a row in the order, not at a number of rows. So what comes or goes above it moves nothing on the
//! screen, and is read when the user scrolls back. A window at the top has no such place: what is new belongs to it at once. One that has
//! come to the top becomes such a window.

use crate::query::cursor;

/// How many rows a screen holds at most.
pub const MOST_ROWS_HELD: u32 = 600;

/// How many pages a screen holds at most. Small pages make a small window.
const HELD_PAGES: u32 = 12;

/// How many rows a page has at most.
const LARGEST_PAGE: u32 = 200;

/// Which rows of a view a screen holds. A screen keeps the value and passes it back unchanged; only the core reads its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryWindow {
    /// The cursor of a row; `None` for the top.
    pub at: Option<String>,
    /// How many rows above that row it begins.
    pub rows_above: u32,
    /// How many rows it has, unless the view ends before.
    pub row_count: u32,
    /// By how many rows it grows or moves.
    pub page_size: u32,
}

impl HistoryWindow {
    /// The first page of this many rows.
    #[must_use]
    pub const fn top(page: u32) -> Self {
        Self { at: None, rows_above: 0, row_count: page, page_size: page }
    }

    /// The same with numbers that can be read: it may come from a saved state.
    pub(crate) fn within_limits(&self) -> Self {
        let page = self.page_size.clamp(1, LARGEST_PAGE);
        Self {
            at: self.at.clone(),
            rows_above: self.rows_above.min(page),
            row_count: self.row_count.clamp(page, held(page)),
            page_size: page,
        }
    }

    /// The same at the top.
    pub(crate) fn at_top(&self) -> Self {
        Self { at: None, rows_above: 0, ..*self }
    }

    /// The window one page further down. `places`: where its rows stand. `at_top`: nothing stands above them.
    pub(crate) fn down(&self, places: &[[i64; 4]], at_top: bool) -> Option<Self> {
        let rows = self.row_count + self.page_size;
        let over = rows.saturating_sub(held(self.page_size));
        let begins = places.get(usize::try_from(over).ok()?)?;
        let at = (over > 0 || !at_top).then(|| cursor(*begins));
        Some(Self { at, rows_above: 0, row_count: rows - over, page_size: self.page_size })
    }

    /// The window one page further up. `first`: where its first row stands.
    pub(crate) fn up(&self, first: [i64; 4]) -> Self {
        let rows = (self.row_count + self.page_size).min(held(self.page_size));
        Self { at: Some(cursor(first)), rows_above: self.page_size, row_count: rows, page_size: self.page_size }
    }
}

fn held(page: u32) -> u32 {
    (page * HELD_PAGES).min(MOST_ROWS_HELD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(rows: u32) -> Vec<[i64; 4]> {
        (0..i64::from(rows)).map(|row| [2, 0, 1_760_000_000_000 - row, row]).collect()
    }

    #[test]
    fn a_window_grows_downwards_and_then_loses_its_first_page() {
        let mut window = HistoryWindow::top(50);
        for rows in (100..=MOST_ROWS_HELD).step_by(50) {
            window = window.down(&places(window.row_count), true).unwrap();
            assert_eq!(window, HistoryWindow { row_count: rows, ..HistoryWindow::top(50) });
        }
        let full = places(MOST_ROWS_HELD);
        let moved = window.down(&full, true).unwrap();
        assert_eq!(moved, HistoryWindow { at: Some(cursor(full[50])), ..window });
        assert_eq!(moved.down(&full, false), Some(moved.clone()), "it begins 50 rows below its first row again");
    }

    #[test]
    fn a_window_that_is_not_full_keeps_its_first_row() {
        let rows = places(100);
        let window = HistoryWindow { at: Some(cursor(rows[0])), rows_above: 0, row_count: 100, page_size: 50 };
        assert_eq!(window.down(&rows, false), Some(HistoryWindow { row_count: 150, ..window.clone() }));
        let up = HistoryWindow { rows_above: 50, row_count: 150, ..window.clone() };
        assert_eq!(window.up(rows[0]), up);
    }

    #[test]
    fn a_full_window_moves_upwards_as_it_is() {
        let window =
            HistoryWindow { at: Some(cursor([2, 0, 7, 7])), rows_above: 0, row_count: MOST_ROWS_HELD, page_size: 50 };
        assert_eq!(window.up([2, 0, 7, 7]), HistoryWindow { rows_above: 50, ..window });
    }

    #[test]
    fn a_saved_window_asks_for_no_more_than_a_screen_holds() {
        let saved = |rows, page| {
            HistoryWindow { at: None, rows_above: u32::MAX, row_count: rows, page_size: page }.within_limits()
        };
        assert_eq!(
            saved(u32::MAX, 50),
            HistoryWindow { rows_above: 50, row_count: MOST_ROWS_HELD, ..HistoryWindow::top(50) }
        );
        assert_eq!(saved(0, 0), HistoryWindow { rows_above: 1, ..HistoryWindow::top(1) });
        assert_eq!(saved(u32::MAX, 5).row_count, 60);
        assert_eq!(
            saved(u32::MAX, u32::MAX),
            HistoryWindow { rows_above: 200, row_count: MOST_ROWS_HELD, ..HistoryWindow::top(200) }
        );
    }
}

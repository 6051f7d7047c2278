//! The window of rows that a screen holds: it moves over the whole history in both directions, and what happens elsewhere does not move it.

use super::*;
use crate::query::{HistoryFilter, HistorySort, HistoryView, HistoryWindow, MOST_ROWS_HELD, SortKey};
use crate::store::HistoryRows;

const PAGE: u32 = 50;
const TICKETS: i64 = 2_000;

/// Tickets that have few different times and statuses, so that many rows are equal but for their numbers, and some in which something
/// waits.
fn filled() -> Fixture {
    let fixture = fixture();
    let tickets: Vec<_> = (1..=TICKETS)
        .map(|number| RemoteTicket {
            status: if number % 3 == 0 { ServerStatus::Solved } else { ServerStatus::Open },
            created_at: Timestamp(NOW.0 - number % 40 * 60_000),
            ..remote(number, number * 7 % 300)
        })
        .collect();
    page(&fixture, &tickets);
    while fixture.store.rebuild_step().unwrap() {}
    for number in (1..=TICKETS).step_by(25) {
        let ticket = fixture.ticket(number);
        fixture.reply(ticket, 1_000_000 + u128::try_from(number).unwrap(), "Noch eine Frage 🙏");
    }
    for draft in 0..70 {
        fixture.create(2_000_000 + draft * 10);
    }
    fixture
}

fn query(filter: HistoryFilter, sort: HistorySort) -> HistoryQuery {
    HistoryQuery { filter, sort, ..HistoryQuery::of(HistoryView::WHOLE) }
}

/// Every order.
fn queries() -> Vec<HistoryQuery> {
    let keys = [SortKey::LastActivity, SortKey::Created, SortKey::Status, SortKey::Creator, SortKey::Read];
    let sorts = keys.map(|key| [true, false].map(|descending| HistorySort { key, descending }));
    sorts.into_iter().flatten().map(|sort| query(HistoryFilter::default(), sort)).collect()
}

impl Fixture {
    fn ticket(&self, number: i64) -> TicketId {
        self.store.ticket_by_number(TicketNumber(number)).unwrap().unwrap()
    }

    fn whole(&self, query: &HistoryQuery) -> Vec<TicketId> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let from = after.as_deref().map_or(PageFrom::Top, PageFrom::After);
            let page = self.store.history_page(query, from, 200).unwrap();
            all.extend(page.tickets.iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    }

    fn window(&self, query: &HistoryQuery, window: &HistoryWindow) -> HistoryRows {
        self.store.history_rows(query, window).unwrap()
    }

    /// The unread tickets. There are 700.
    fn reminders(&self) -> HistoryQuery {
        for number in (1..=TICKETS).filter(|number| number % 25 != 1).take(700) {
            self.store.mark_unread(self.ticket(number)).unwrap();
        }
        let filter = HistoryFilter { read: Some(false), ..HistoryFilter::default() };
        query(filter, HistorySort { key: SortKey::LastActivity, descending: true })
    }

    /// The window after so many pages downwards.
    fn further_down(&self, query: &HistoryQuery, pages: u32) -> HistoryRows {
        let first = self.window(query, &HistoryWindow::top(PAGE));
        (0..pages).fold(first, |rows, _| self.window(query, &rows.down.unwrap()))
    }
}

fn tickets(rows: &HistoryRows) -> Vec<TicketId> {
    rows.page.tickets.iter().map(|row| row.id).collect()
}

#[test]
fn a_window_shows_every_row_on_its_way_down_and_up_and_never_holds_more_than_it_may() {
    let fixture = filled();
    let mut queries = queries();
    queries.push(fixture.reminders());
    for query in queries {
        let all = fixture.whole(&query);
        let place = |rows: &HistoryRows| {
            let held = tickets(rows);
            assert!(held.len() <= usize::try_from(MOST_ROWS_HELD).unwrap(), "{query:?}");
            let first = all.iter().position(|ticket| *ticket == held[0]).unwrap();
            assert_eq!(held, all[first..first + held.len()], "{query:?}: rows without a gap");
            assert_eq!((rows.up.is_some(), rows.down.is_some()), (first > 0, first + held.len() < all.len()));
            (first, first + held.len())
        };
        let mut rows = fixture.window(&query, &HistoryWindow::top(PAGE));
        let (mut first, mut last) = place(&rows);
        assert_eq!((first, last), (0, 50));
        while let Some(down) = rows.down {
            rows = fixture.window(&query, &down);
            let now = place(&rows);
            assert!(now.0 >= first && now.0 - first <= 50 && now.1 > last && now.1 - last <= 50, "{query:?}: {now:?}");
            (first, last) = now;
        }
        assert!(last == all.len() && last - first > 550, "{query:?}: all but what the last page has too few of");
        while let Some(up) = rows.up {
            rows = fixture.window(&query, &up);
            let now = place(&rows);
            assert!(now.0 < first && first - now.0 <= 50 && last - now.1 <= 50, "{query:?}: {now:?}");
            (first, last) = now;
        }
        assert_eq!(
            (first, rows.window),
            (0, HistoryWindow { row_count: MOST_ROWS_HELD, ..HistoryWindow::top(PAGE) }),
            "{query:?}"
        );
    }
}

#[test]
fn what_changes_above_a_window_moves_nothing_in_it_and_stands_there_on_the_way_back() {
    let fixture = filled();
    let query = HistoryQuery::of(HistoryView::WHOLE);
    let before = fixture.further_down(&query, 20);
    let held = tickets(&before);
    let new = fixture.create(3_000_000);
    // One ticket below the window, and one in it, come to the top.
    let below = *fixture.whole(&query).last().unwrap();
    fixture.reply(below, 3_000_010, "Und jetzt?");
    let within = held[300];
    fixture.reply(within, 3_000_020, "Und jetzt?");

    let after = fixture.window(&query, &before.window);
    assert_eq!(after.window, before.window);
    let rest: Vec<_> = held.iter().copied().filter(|ticket| *ticket != within).collect();
    let now = tickets(&after);
    assert_eq!(now[..599], rest, "the rows that stay do so in their order");
    assert_eq!(now.len(), 600, "and one more at the end");
    let mut rows = after;
    while let Some(up) = rows.up {
        rows = fixture.window(&query, &up);
    }
    let top = tickets(&rows);
    assert_eq!(top[0], new);
    assert!([below, within].iter().all(|ticket| top.contains(ticket)), "with what waits");
}

#[test]
fn a_window_that_has_come_to_the_top_has_what_is_new() {
    let fixture = filled();
    let query = HistoryQuery::of(HistoryView::WHOLE);
    let mut rows = fixture.further_down(&query, 14);
    while let Some(up) = rows.up {
        rows = fixture.window(&query, &up);
    }
    let new = fixture.create(3_000_000);
    let after = fixture.window(&query, &rows.window);
    assert_eq!((tickets(&after)[0], after.up), (new, None));
}

#[test]
fn a_window_whose_rows_are_all_gone_shows_the_end_of_what_is_left() {
    let fixture = filled();
    let query = fixture.reminders();
    let end = fixture.further_down(&query, 13);
    assert_eq!(end.down, None);
    for ticket in tickets(&end) {
        fixture.store.mark_read(ticket).unwrap();
    }
    let left = fixture.whole(&query);
    let after = fixture.window(&query, &end.window);
    assert_eq!((left.len(), tickets(&after)), (100, left));
    assert_eq!((after.window.at, after.up, after.down), (None, None, None));
}

#[test]
fn a_window_without_a_place_in_the_view_begins_at_the_top() {
    let fixture = filled();
    let query = HistoryQuery::of(HistoryView::WHOLE);
    for at in ["", "not a cursor", "9.0.1.2"] {
        let window = HistoryWindow { at: Some(at.to_owned()), rows_above: 50, row_count: 200, page_size: PAGE };
        let rows = fixture.window(&query, &window);
        assert_eq!(
            (rows.window, rows.page.tickets.len()),
            (HistoryWindow { row_count: 200, ..HistoryWindow::top(PAGE) }, 200)
        );
    }
}

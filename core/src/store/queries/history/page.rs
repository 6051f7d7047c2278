//! A page of the history.

use rusqlite::{Connection, OptionalExtension, params};

use super::counts;
use super::rows::{KEY, ticket_row};
use super::sql::{self, Query};
use super::view::{Entries, HistoryQuery};
use crate::model::{HistoryColumn, TicketRow};
use crate::product::Product;
use crate::product::definition::parts::statuses::MarkPlace;
use crate::query::{EntryFilter, Group, HistorySort, HistoryView, Plan, Relation, Relations, SortKey, cursor, place};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::or_left_out;
use crate::store::{MAX_PAGE, Store, StoreError};

/// Some rows of the history.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HistoryPage {
    /// In the order of the history.
    pub tickets: Vec<TicketRow>,
    /// What each of them shows, in order (`docs/product.md`, S1).
    pub columns: Vec<HistoryColumn>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
    /// The cursor of the page before; `None` at the top.
    pub previous: Option<String>,
    /// How many tickets the view has, with its filter.
    pub total: u64,
    /// What the filter and the order ask of each ticket is being computed, because the app or the product definition is
    /// new. Until the history changes again, rows may be missing. Never without a filter in the order of activity or of
    /// creation.
    pub preparing: bool,
    /// The order of the rows.
    pub sort: HistorySort,
    /// The id of the scope that is shown; `None` if the product has none (`docs/product.md`, S16).
    pub scope: Option<String>,
    /// The ids of the scopes between which this user can switch. Empty if there are not two.
    pub scopes: Vec<String>,
    /// The key of why there is no history (`docs/product.md`, S17); `None` if there is one. Then the page has only what was
    /// not sent.
    pub unavailable: Option<String>,
    /// The key of the note that read marks hold on this device only (`docs/product.md`, W8); `None` if they are shared.
    pub read_marks_key: Option<&'static str>,
}

/// Where a page begins. A cursor is a [`HistoryPage`]'s, of the same filter and order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFrom<'a> {
    /// At the top.
    Top,
    /// After the row of this cursor.
    After(&'a str),
    /// It ends before the row of this cursor.
    Before(&'a str),
}

impl Store {
    /// Up to `limit` (1 to [`MAX_PAGE`]) rows after the cursor `after`, or from the top. An invalid cursor fails with
    /// [`StoreError::InvalidCursor`].
    pub fn history(&self, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        self.history_of(HistoryView::WHOLE, after, limit)
    }

    /// The same, of the tickets of a view.
    pub fn history_of(&self, view: HistoryView, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        self.history_page(&HistoryQuery::of(view), after.map_or(PageFrom::Top, PageFrom::After), limit)
    }

    /// The same, narrowed and in any order, from either side of a cursor.
    pub fn history_page(
        &self,
        query: &HistoryQuery,
        from: PageFrom<'_>,
        limit: u32,
    ) -> Result<HistoryPage, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let (backward, at) = match from {
            PageFrom::Top => (false, None),
            PageFrom::After(cursor) => (false, Some(cursor)),
            PageFrom::Before(cursor) => (true, Some(cursor)),
        };
        let at: Option<Place> = at.map(|at| place(at).ok_or(StoreError::InvalidCursor)).transpose()?;
        self.read(|db| {
            let parts = Parts::of(db, &self.product, query, backward)?;
            let total = counts::total(db, &self.product, query, parts.entries)?;
            let start = at.map_or(Start::First, Start::Beyond);
            let mut rows = parts.read(db, &self.product, start, readable(query, start, limit, total))?;
            let is_full = u32::try_from(rows.len()).is_ok_and(|rows| rows == limit);
            if backward {
                rows.reverse();
            }
            let [first, last] = [rows.first(), rows.last()].map(|row| row.map(|(at, _)| cursor(*at)));
            let (next, previous) = match from {
                PageFrom::Top => (last.filter(|_| is_full), None),
                PageFrom::After(_) => (last.filter(|_| is_full), first),
                PageFrom::Before(_) => (last, first.filter(|_| is_full)),
            };
            Ok(HistoryPage { next, previous, ..HistoryPage::of(query, parts.entries, total, rows) })
        })
    }
}

impl HistoryPage {
    /// What the store knows of a page.
    pub(super) fn of(query: &HistoryQuery, entries: Entries, total: u64, rows: Vec<PlacedRow>) -> Self {
        Self {
            tickets: rows.into_iter().filter_map(|(_, row)| row).collect(),
            columns: Vec::new(),
            next: None,
            previous: None,
            total,
            preparing: entries == Entries::Pending && !query.is_first_order(),
            sort: query.sort,
            scope: None,
            scopes: Vec::new(),
            unavailable: None,
            read_marks_key: None,
        }
    }
}

/// How many rows to read for `limit` rows. Where a filter leaves less than that, the last row is known to be the last. Without that,
/// the walk would go on to the end of the history.
pub(super) fn readable(query: &HistoryQuery, start: Start, limit: u32, total: u64) -> u32 {
    let is_short = start == Start::First && !query.filter.is_empty() && total < u64::from(limit);
    if is_short { u32::try_from(total).unwrap_or(limit) } else { limit }
}

/// Where a row stands: its part, its group there, and two numbers of the order.
pub(super) type Place = [i64; 4];

/// A row at its place; without the ticket if it cannot be read.
pub(super) type PlacedRow = (Place, Option<TicketRow>);

/// At which row a read begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At the first one in its direction.
    First,
    /// Beyond the one that stands there.
    Beyond(Place),
    /// At the one that stands there.
    At(Place),
}

impl Start {
    fn place(self) -> Option<Place> {
        match self {
            Self::First => None,
            Self::Beyond(place) | Self::At(place) => Some(place),
        }
    }
}

/// The parts of a view, as they are read in one direction.
pub(in crate::store) struct Parts {
    unsent: Option<Query>,
    waiting: Query,
    rest: Rest,
    backward: bool,
    pub(super) entries: Entries,
}

/// The third part.
enum Rest {
    /// Its groups, in the order in which they are read: their keys and their queries.
    Groups(Vec<(i64, Vec<Query>)>),
    /// One group for each creator.
    Creators { filter: EntryFilter, descending: bool },
}

impl Parts {
    pub(super) fn of(
        db: &Connection,
        product: &Product,
        query: &HistoryQuery,
        backward: bool,
    ) -> Result<Self, StoreError> {
        let HistoryQuery { view, filter, sort } = query;
        let waits = product.entry_filter(filter, view.unsent);
        let filtered = product.entry_filter(filter, view.relations);
        let entries = Entries::of(db)?;
        let queries = |group: &Group, by_creation, descending| -> Vec<Query> {
            group.walks.iter().map(|walk| sql::walk(walk, by_creation, descending)).collect()
        };
        let rest = if entries == Entries::Pending && query.is_first_order() {
            let direct = sql::direct(view.relations, sort.key == SortKey::Created, sort.descending != backward);
            Rest::Groups(if view.relations == Relations::default() { Vec::new() } else { vec![(0, vec![direct])] })
        } else {
            match product.history_plan(&filtered, *sort) {
                Plan::Ordered { by_creation, newest_first, group } => {
                    Rest::Groups(vec![(group.key, queries(&group, by_creation, newest_first != backward))])
                }
                Plan::Grouped(groups) => {
                    let mut groups: Vec<_> =
                        groups.iter().map(|group| (group.key, queries(group, false, !backward))).collect();
                    if backward {
                        groups.reverse();
                    }
                    Rest::Groups(groups)
                }
                Plan::ByCreator { descending, filter } => Rest::Creators { filter, descending: descending != backward },
            }
        };
        let unsent = waits.relations.has(Relation::Own).then(|| sql::unsent(&waits, backward));
        Ok(Self { unsent, waiting: sql::waiting(&waits, backward), rest, backward, entries })
    }

    /// Up to `limit` rows, in the direction of the parts.
    pub(super) fn read(
        &self,
        db: &Connection,
        product: &Product,
        start: Start,
        limit: u32,
    ) -> Result<Vec<PlacedRow>, StoreError> {
        let mut reader = Reader { db, product, start, left: limit, rows: Vec::new() };
        if limit > 0 {
            reader.read(self)?;
        }
        Ok(reader.rows)
    }
}

#[cfg(test)]
impl Parts {
    /// The queries of each part, from the top, read downwards.
    pub(in crate::store) fn sql(
        db: &Connection,
        product: &Product,
        query: &HistoryQuery,
    ) -> Result<[Vec<String>; 3], StoreError> {
        let parts = Self::of(db, product, query, false)?;
        let rest = match parts.rest {
            Rest::Groups(groups) => {
                groups.into_iter().flat_map(|(_, queries)| queries).map(|query| query.sql).collect()
            }
            Rest::Creators { filter, descending } => {
                vec![sql::of_creator(7, &filter, true).sql, sql::next_creator(&filter, descending)]
            }
        };
        Ok([parts.unsent.into_iter().map(|query| query.sql).collect(), vec![parts.waiting.sql], rest])
    }
}

/// Reads rows until a page is full.
struct Reader<'a> {
    db: &'a Connection,
    product: &'a Product,
    start: Start,
    left: u32,
    rows: Vec<PlacedRow>,
}

impl Reader<'_> {
    fn read(&mut self, parts: &Parts) -> Result<(), StoreError> {
        let at = self.start.place();
        let first = if parts.backward { 2 } else { 0 };
        let [begin, group, first_key, second_key] = at.unwrap_or([first, 0, 0, 0]);
        let at = at.map(|_| (group, [first_key, second_key]));
        let mut order = [0, 1, 2];
        if parts.backward {
            order.reverse();
        }
        let begins = order.iter().position(|part| *part == begin).ok_or(StoreError::InvalidCursor)?;
        for (index, part) in order.into_iter().enumerate().skip(begins) {
            let at = at.filter(|_| index == begins);
            match part {
                0 => {
                    if let Some(unsent) = &parts.unsent {
                        self.group([0, 0], std::slice::from_ref(unsent), at.map(|(_, key)| key))?;
                    }
                }
                1 => self.group([1, 0], std::slice::from_ref(&parts.waiting), at.map(|(_, key)| key))?,
                _ => self.rest(parts, at)?,
            }
            if self.left == 0 {
                break;
            }
        }
        Ok(())
    }

    fn rest(&mut self, parts: &Parts, at: Option<(i64, [i64; 2])>) -> Result<(), StoreError> {
        match &parts.rest {
            Rest::Groups(groups) => {
                let begins = match at {
                    // A group that is gone is a definition that changed.
                    Some((key, _)) => {
                        groups.iter().position(|(known, _)| *known == key).ok_or(StoreError::InvalidCursor)?
                    }
                    None => 0,
                };
                for (index, (key, queries)) in groups.iter().enumerate().skip(begins) {
                    self.group([2, *key], queries, at.filter(|_| index == begins).map(|(_, key)| key))?;
                    if self.left == 0 {
                        break;
                    }
                }
                Ok(())
            }
            Rest::Creators { filter, descending } => {
                let next = sql::next_creator(filter, *descending);
                let of_creator = |creator| sql::of_creator(creator, filter, !parts.backward);
                // Beyond every name, or before.
                let mut last =
                    if *descending { ("\u{10ffff}\u{10ffff}".to_owned(), i64::MAX) } else { (String::new(), i64::MIN) };
                if let Some((creator, key)) = at {
                    self.group([2, creator], &[of_creator(creator)], Some(key))?;
                    let sql = "SELECT sort_name FROM creators WHERE person = ?1";
                    let name: Option<String> = self.db.query_row_cached(sql, [creator], |row| row.get(0)).optional()?;
                    last = (name.ok_or(StoreError::InvalidCursor)?, creator);
                }
                while self.left > 0 {
                    let found =
                        self.db.query_row_cached(&next, params![last.0, last.1], |row| Ok((row.get(0)?, row.get(1)?)));
                    let Some(creator) = found.optional()? else { break };
                    last = creator;
                    self.group([2, last.1], &[of_creator(last.1)], None)?;
                }
                Ok(())
            }
        }
    }

    /// The numbers beyond which a query begins at this place.
    fn begins(&self, [first, second]: [i64; 2], descending: bool) -> [i64; 2] {
        let before = match self.start {
            Start::First | Start::Beyond(_) => second,
            Start::At(_) if descending => second.saturating_add(1),
            Start::At(_) => second.saturating_sub(1),
        };
        [first, before]
    }

    /// Reads the rows of one group, merged.
    fn group(&mut self, [part, group]: [i64; 2], queries: &[Query], at: Option<[i64; 2]>) -> Result<(), StoreError> {
        let mut found: Vec<([i64; 2], Option<TicketRow>)> = Vec::new();
        for query in queries {
            let [first, second] = at.map_or(query.start(), |at| self.begins(at, query.descending));
            let mut statement = self.db.prepare_cached(&query.sql)?;
            let mut rows = statement.query(params![first, second, self.left])?;
            while let Some(row) = rows.next()? {
                let key = [row.get(KEY)?, row.get(KEY + 1)?];
                found.push((key, or_left_out(ticket_row(row, self.product, MarkPlace::List))?));
            }
        }
        if let [first, _, ..] = queries {
            found.sort_by_key(|(key, _)| *key);
            if first.descending {
                found.reverse();
            }
            found.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        }
        self.left -= u32::try_from(found.len()).unwrap_or(u32::MAX).min(self.left);
        self.rows.extend(found.into_iter().map(|([first, second], row)| ([part, group, first, second], row)));
        Ok(())
    }
}

//! Along which indexes a view of the history is read.

use super::filter::{EntryFilter, NO_VALUE};
use super::relation::{Relation, Relations};
use super::sort::{HistorySort, SortKey};

/// With which value an index begins. Behind it, the index has the order of activity. Only [`All`](Self::All) also has
/// an index in the order of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalkStart {
    /// Nothing: all tickets.
    All,
    /// What this user is to the ticket.
    Relation(Relation),
    /// A status.
    Status(i64),
    /// Whether the ticket is unread.
    Unread(bool),
    /// A type.
    TicketType(i64),
    /// At least one of these marks, by their bits.
    Marked(i64),
}

/// Rows along one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// The value with which the index begins.
    pub start: WalkStart,
    /// What is tested on every entry beside that.
    pub filter: EntryFilter,
    /// Bits of marks of which an entry has none.
    pub without_marks: i64,
    /// Statuses that an entry does not have, because another walk has them.
    pub without_statuses: Vec<i64>,
}

/// Walks whose rows are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How a cursor names it.
    pub key: i64,
    /// The walks. No ticket is in two of them.
    pub walks: Vec<Walk>,
}

/// How the rows of a view are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// One order of all rows.
    Ordered {
        /// By the creation; otherwise by the last activity.
        by_creation: bool,
        /// The newest first.
        newest_first: bool,
        /// All rows.
        group: Group,
    },
    /// One group after the other, each with the newest activity first.
    Grouped(Vec<Group>),
    /// One creator after the other by name, each with the newest activity first.
    ByCreator {
        /// The last name first.
        descending: bool,
        /// What is tested on every entry.
        filter: EntryFilter,
    },
}

/// Decides how the rows of `filter` are read in this order. `statuses`: how many statuses the definition has. `sort_marks`: the
/// bits of the marks that take part in sorting by status.
#[must_use]
pub fn plan(filter: &EntryFilter, sort: HistorySort, statuses: i64, sort_marks: i64) -> Plan {
    if filter.finds_nothing() {
        return Plan::Grouped(Vec::new());
    }
    let ordered = |by_creation, walks| Plan::Ordered {
        by_creation,
        newest_first: sort.descending,
        group: Group { key: 0, walks },
    };
    match sort.key {
        SortKey::LastActivity => ordered(false, by_activity(filter)),
        // The order of creation has one index, and every filter is tested on it.
        SortKey::Created => ordered(true, vec![walk(WalkStart::All, filter)]),
        SortKey::Read => {
            let asked = |unread: &bool| filter.read.is_none_or(|read| read != *unread);
            let group = |unread| Group { key: i64::from(unread), walks: vec![walk(WalkStart::Unread(unread), filter)] };
            Plan::Grouped(directed([true, false].into_iter().filter(asked).map(group).collect(), sort.descending))
        }
        SortKey::Status => Plan::Grouped(directed(by_status(filter, statuses, sort_marks), sort.descending)),
        SortKey::Creator => Plan::ByCreator { descending: sort.descending, filter: filter.clone() },
    }
}

fn directed(mut groups: Vec<Group>, descending: bool) -> Vec<Group> {
    if descending {
        groups.reverse();
    }
    groups
}

/// The walks in the order of activity: along the index of a filter that is set.
fn by_activity(filter: &EntryFilter) -> Vec<Walk> {
    // Few tickets are unread, so this comes before the others.
    if filter.read == Some(false) {
        return vec![walk(WalkStart::Unread(true), filter)];
    }
    if filter.by_status {
        let mut walks: Vec<Walk> =
            filter.statuses.iter().map(|status| walk(WalkStart::Status(*status), filter)).collect();
        if filter.marks != 0 {
            let marked = Walk {
                without_statuses: filter.statuses.clone(),
                ..walk(WalkStart::Marked(filter.marks), &EntryFilter { by_status: false, ..filter.clone() })
            };
            walks.push(marked);
        }
        return walks;
    }
    if let Some(types) = &filter.ticket_types {
        return types.iter().map(|ticket_type| walk(WalkStart::TicketType(*ticket_type), filter)).collect();
    }
    if filter.relations != Relations::ALL {
        return filter.relations.iter().map(|relation| walk(WalkStart::Relation(relation), filter)).collect();
    }
    vec![walk(filter.read.map_or(WalkStart::All, |read| WalkStart::Unread(!read)), filter)]
}

/// First the tickets with a mark that takes part, then those of each status without such a mark.
fn by_status(filter: &EntryFilter, statuses: i64, sort_marks: i64) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut earlier = 0;
    for bit in (0..i64::BITS - 1).map(|place| 1_i64 << place).filter(|bit| sort_marks & bit != 0) {
        let marked = Walk { without_marks: earlier, ..walk(WalkStart::Marked(bit), filter) };
        groups.push(Group { key: -bit, walks: vec![marked] });
        earlier |= bit;
    }
    for status in (0..statuses).chain([NO_VALUE]) {
        // A mark that takes part in no order may be asked for as well, in any status.
        if filter.has_status(status, !earlier) {
            let walk = Walk { without_marks: earlier, ..walk(WalkStart::Status(status), filter) };
            groups.push(Group { key: status, walks: vec![walk] });
        }
    }
    groups
}

/// A walk that tests everything of the filter that its start does not say already.
fn walk(start: WalkStart, filter: &EntryFilter) -> Walk {
    let mut filter = filter.clone();
    match start {
        WalkStart::Relation(_) => filter.relations = Relations::ALL,
        WalkStart::Status(status) if filter.statuses.contains(&status) => filter.by_status = false,
        WalkStart::All | WalkStart::Marked(_) | WalkStart::Status(_) => {}
        WalkStart::Unread(_) => filter.read = None,
        WalkStart::TicketType(_) => filter.ticket_types = None,
    }
    if !filter.by_status {
        (filter.statuses, filter.marks) = (Vec::new(), 0);
    }
    Walk { start, filter, without_marks: 0, without_statuses: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_STATUS: HistorySort = HistorySort { key: SortKey::Status, descending: false };

    fn starts(filter: &EntryFilter, sort: HistorySort) -> Vec<WalkStart> {
        match plan(filter, sort, 3, 0b10) {
            Plan::Ordered { group, .. } => group.walks.iter().map(|walk| walk.start).collect(),
            Plan::Grouped(groups) => groups.iter().flat_map(|group| &group.walks).map(|walk| walk.start).collect(),
            Plan::ByCreator { .. } => Vec::new(),
        }
    }

    #[test]
    fn one_filter_is_an_index_and_the_others_are_tested() {
        let by = |filter: EntryFilter| starts(&filter, HistorySort::default());
        assert_eq!(by(EntryFilter::default()), [WalkStart::All]);
        let statuses = EntryFilter { by_status: true, statuses: vec![0, 2], ..EntryFilter::default() };
        assert_eq!(by(statuses.clone()), [WalkStart::Status(0), WalkStart::Status(2)]);
        assert_eq!(by(EntryFilter { read: Some(false), ..statuses }), [WalkStart::Unread(true)]);
        let types = EntryFilter { ticket_types: Some(vec![1]), read: Some(true), ..EntryFilter::default() };
        assert_eq!(by(types), [WalkStart::TicketType(1)]);
        let mine = EntryFilter { relations: Relations::of(|own| own == Relation::Own), ..EntryFilter::default() };
        assert_eq!(by(mine), [WalkStart::Relation(Relation::Own)]);
        let nothing = EntryFilter { by_status: true, ..EntryFilter::default() };
        assert!(by(nothing).is_empty(), "a status that the product does not have");
        let nobody = EntryFilter { relations: Relations::default(), ..EntryFilter::default() };
        assert!(starts(&nobody, BY_STATUS).is_empty());
    }

    #[test]
    fn a_mark_beside_a_status_finds_no_ticket_twice() {
        let filter = EntryFilter { by_status: true, statuses: vec![1], marks: 0b10, ..EntryFilter::default() };
        let Plan::Ordered { group, .. } = plan(&filter, HistorySort::default(), 3, 0) else { panic!("one order") };
        assert_eq!(group.walks[1].start, WalkStart::Marked(0b10));
        assert_eq!(group.walks[1].without_statuses, [1]);
        assert!(group.walks.iter().all(|walk| !walk.filter.by_status));
    }

    #[test]
    fn marked_tickets_come_before_every_status_and_descending_is_the_other_way_round() {
        let expected = [WalkStart::Marked(0b10), WalkStart::Status(0), WalkStart::Status(1), WalkStart::Status(2)];
        let all = starts(&EntryFilter::default(), BY_STATUS);
        assert_eq!(all[..4], expected);
        assert_eq!(all[4], WalkStart::Status(NO_VALUE));
        let mut reversed = starts(&EntryFilter::default(), HistorySort { descending: true, ..BY_STATUS });
        reversed.reverse();
        assert_eq!(reversed, all);
    }
}

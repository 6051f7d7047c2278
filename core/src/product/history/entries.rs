//! What the store keeps of every ticket so that the history can be filtered, sorted and counted: ids of the definition as numbers,
//! and back.

use std::collections::BTreeMap;

use crate::model::{FieldValue, StatusId, hashed_name};
use crate::product::definition::parts::history::FilterKey;
use crate::product::definition::parts::statuses::{Mark, MarkPlace};
use crate::product::details::texts_of;
use crate::product::{Product, StatusFacts, TicketFacts};
use crate::query::{
    CreatorFilter, EntryCounts, EntryFilter, HistoryCounts, HistoryFilter, HistorySort, NO_VALUE, Plan, Relation,
    Relations, SortKey, plan,
};

/// How many marks a number has bits for.
const MOST_MARKS: usize = 62;

/// What the definition decides about a ticket, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntryFacts {
    /// The place of its status among the definition's, or [`NO_VALUE`].
    pub status: i64,
    /// A bit for each mark that it has.
    pub marks: i64,
    /// The place of its type among the definition's, or [`NO_VALUE`].
    pub ticket_type: i64,
}

/// By what the history of a product can be narrowed and sorted (`docs/product.md`, W5 to W8).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct HistoryOptions {
    /// The statuses of the filter, in the definition's order; empty if there is no such filter. Their strings are `status.ID`.
    pub statuses: Vec<StatusId>,
    /// The marks of the same filter, such as *Escalated*. Their strings are `mark.ID`.
    pub marks: Vec<String>,
    /// The types of the filter; empty if there is no such filter. Their strings are `ticket_type.ID`.
    pub ticket_types: Vec<String>,
    /// Whether it can be filtered by the creator.
    pub by_creator: bool,
    /// Whether it can be filtered by read and unread.
    pub by_read: bool,
    /// By what it can be sorted. Empty if it has one order only.
    pub sorts: Vec<SortKey>,
    /// How it is sorted at first.
    pub default_sort: HistorySort,
    /// Whether it can be searched.
    pub search: bool,
    /// Whether the server can be asked to search as well.
    pub server_search: bool,
}

impl Product {
    /// What decides about entries, beside the days. When it changes, every entry is computed anew.
    pub(super) fn entry_decisions(&self) -> String {
        let definition = &self.definition;
        let types: Vec<_> = definition.ticket_types.iter().map(|known| (&known.id, &known.from)).collect();
        let statuses: Vec<_> = definition.statuses.iter().map(|status| &status.id).collect();
        let unknown = &definition.ticket_type_unknown;
        hashed_name(&format!(
            "{statuses:?}{:?}{:?}{:?}{types:?}{unknown:?}{:?}",
            definition.status_from,
            self.custom_statuses,
            definition.marks,
            definition.asks_for_channels()
        ))
    }

    /// What the definition decides about a ticket.
    pub(crate) fn entry_facts(&self, facts: &StatusFacts<'_>, values: &BTreeMap<String, FieldValue>) -> EntryFacts {
        let status = self.status(facts);
        let of_status = status.id.as_ref().map_or(NO_VALUE, |id| self.status_place(id));
        let ticket_type = self.ticket_type(values).map_or(NO_VALUE, |id| self.type_place(id));
        let known = TicketFacts { status: Some(status), fields: texts_of(values), ..TicketFacts::default() };
        let marks = self.entry_marks().filter(|(_, mark)| self.has_mark(&known, mark));
        EntryFacts { status: of_status, marks: marks.fold(0, |bits, (bit, _)| bits | bit), ticket_type }
    }

    /// The marks, each with its bit.
    fn entry_marks(&self) -> impl Iterator<Item = (i64, &Mark)> {
        self.definition.marks.iter().take(MOST_MARKS).enumerate().map(|(place, mark)| (1_i64 << place, mark))
    }

    fn marks_in(&self, place: MarkPlace) -> impl Iterator<Item = (i64, &Mark)> {
        self.entry_marks().filter(move |(_, mark)| mark.places.contains(&place))
    }

    /// The ids of the marks with these bits at this place, in the definition's order.
    pub(crate) fn marks_of(&self, bits: i64, place: MarkPlace) -> Vec<String> {
        self.marks_in(place).filter(|(bit, _)| bits & bit != 0).map(|(_, mark)| mark.id.clone()).collect()
    }

    /// The id of the type at this place among the definition's.
    pub(crate) fn type_at(&self, place: i64) -> Option<&str> {
        usize::try_from(place).ok().and_then(|place| self.definition.ticket_types.get(place)).map(|known| &*known.id)
    }

    fn status_place(&self, id: &StatusId) -> i64 {
        place_of(self.definition.statuses.iter().position(|status| status.id == *id))
    }

    fn type_place(&self, id: &str) -> i64 {
        place_of(self.definition.ticket_types.iter().position(|known| known.id == id))
    }

    /// The filter in the store's numbers, for tickets to which this user is one of `relations`. An id that the definition does
    /// not have is held by no ticket.
    pub(crate) fn entry_filter(&self, filter: &HistoryFilter, relations: Relations) -> EntryFilter {
        let known = |place: i64| Some(place).filter(|place| *place != NO_VALUE);
        let mut statuses: Vec<i64> = filter.statuses.iter().filter_map(|id| known(self.status_place(id))).collect();
        statuses.sort_unstable();
        let marks = self.marks_in(MarkPlace::StatusFilter).filter(|(_, mark)| filter.marks.contains(&mark.id));
        let types = || {
            let mut places: Vec<i64> = filter.ticket_types.iter().filter_map(|id| known(self.type_place(id))).collect();
            places.sort_unstable();
            places
        };
        let creator = match filter.creator {
            CreatorFilter::Anyone => Relations::ALL,
            CreatorFilter::Me => Relations::of(|relation| relation == Relation::Own),
        };
        EntryFilter {
            statuses,
            marks: marks.fold(0, |bits, (bit, _)| bits | bit),
            by_status: !filter.statuses.is_empty() || !filter.marks.is_empty(),
            relations: relations.and(creator),
            read: filter.read,
            ticket_types: (!filter.ticket_types.is_empty()).then(types),
            created_from: filter.created_from.map(|from| from.0),
            created_until: filter.created_until.map(|until| until.0),
        }
    }

    /// How the rows of a view are read.
    pub(crate) fn history_plan(&self, filter: &EntryFilter, sort: HistorySort) -> Plan {
        let sort_marks = self.marks_in(MarkPlace::StatusSort).fold(0, |bits, (bit, _)| bits | bit);
        plan(filter, sort, i64::try_from(self.definition.statuses.len()).unwrap_or(NO_VALUE), sort_marks)
    }

    /// The counts under the definition's ids.
    pub(crate) fn named_counts(&self, counts: &EntryCounts) -> HistoryCounts {
        let options = self.history_options();
        let of = |counts: &BTreeMap<i64, u64>, key| counts.get(&key).copied().unwrap_or_default();
        let statuses = options.statuses.into_iter().map(|id| (of(&counts.statuses, self.status_place(&id)), id));
        let marks = self.marks_in(MarkPlace::StatusFilter).filter(|(_, mark)| options.marks.contains(&mark.id));
        let types = options.ticket_types.into_iter().map(|id| (of(&counts.ticket_types, self.type_place(&id)), id));
        HistoryCounts {
            total: counts.total,
            statuses: statuses.map(|(count, id)| (id, count)).collect(),
            marks: marks.map(|(bit, mark)| (mark.id.clone(), of(&counts.marks, bit))).collect(),
            ticket_types: types.map(|(count, id)| (id, count)).collect(),
            unread: counts.unread,
            read: counts.read,
            mine: counts.mine,
            anyone: counts.anyone,
        }
    }

    /// By what the history can be narrowed and sorted.
    #[must_use]
    pub fn history_options(&self) -> HistoryOptions {
        let history = &self.definition.history;
        let has = |key| history.filters.contains(&key);
        let mut options = HistoryOptions {
            by_creator: has(FilterKey::Creator),
            by_read: has(FilterKey::Read),
            sorts: if history.sort.len() > 1 { history.sort.clone() } else { Vec::new() },
            default_sort: history.default_sort.0,
            search: history.search,
            ..HistoryOptions::default()
        };
        if has(FilterKey::Status) {
            options.statuses = self.definition.statuses.iter().map(|status| status.id.clone()).collect();
            options.marks = self.marks_in(MarkPlace::StatusFilter).map(|(_, mark)| mark.id.clone()).collect();
        }
        if has(FilterKey::TicketType) {
            options.ticket_types = self.definition.ticket_types.iter().map(|known| known.id.clone()).collect();
        }
        options
    }
}

fn place_of(position: Option<usize>) -> i64 {
    position.and_then(|position| i64::try_from(position).ok()).unwrap_or(NO_VALUE)
}

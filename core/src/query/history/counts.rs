//! How many tickets a view has, and how many it would have with another value of one filter.

use std::collections::BTreeMap;

use super::filter::EntryFilter;
use super::relation::{Relation, Relations};
use crate::model::StatusId;

/// How many tickets have these values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// What this user is to them.
    pub relation: Relation,
    /// The place of the status among the definition's.
    pub status: i64,
    /// The bits of the marks.
    pub marks: i64,
    /// Whether they are unread.
    pub unread: bool,
    /// The place of the type among the definition's.
    pub ticket_type: i64,
    /// How many there are.
    pub tickets: u64,
}

/// The number that stands beside each value of a filter: how many tickets a screen shows if that value alone is chosen
/// in its filter, with all other filters as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryCounts {
    /// With the filter as it is.
    pub total: u64,
    /// Of each status by its place; one that no ticket has is missing.
    pub statuses: BTreeMap<i64, u64>,
    /// Of each mark by its bit; one that no ticket has is missing.
    pub marks: BTreeMap<i64, u64>,
    /// Of each type by its place; one that no ticket has is missing.
    pub ticket_types: BTreeMap<i64, u64>,
    /// Unread ones.
    pub unread: u64,
    /// Read ones.
    pub read: u64,
    /// Those that this user created.
    pub mine: u64,
    /// Those of every user.
    pub anyone: u64,
}

/// How many tickets the history has, by the values of its filters (`docs/product.md`, W6 to W8). Each number is how many rows
/// the history has once that value alone is chosen in its filter, with all other filters as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct HistoryCounts {
    /// With the filter as it is.
    pub total: u64,
    /// Of every status that can be chosen, in the definition's order.
    pub statuses: Vec<(StatusId, u64)>,
    /// Of every mark that can be chosen.
    pub marks: Vec<(String, u64)>,
    /// Of every type, in the definition's order.
    pub ticket_types: Vec<(String, u64)>,
    /// Unread ones.
    pub unread: u64,
    /// Read ones.
    pub read: u64,
    /// Those that this user created.
    pub mine: u64,
    /// Those of every user, as far as they are visible to this one.
    pub anyone: u64,
}

/// Counts the tickets of `buckets`. `all`: what this user is to the tickets that the view has without a filter by creator.
#[must_use]
pub fn counted(buckets: &[Bucket], filter: &EntryFilter, all: Relations) -> EntryCounts {
    let mut counts = EntryCounts::default();
    for bucket in buckets {
        let tickets = bucket.tickets;
        let is_status = filter.has_status(bucket.status, bucket.marks);
        let is_creator = filter.relations.has(bucket.relation);
        let is_type = filter.ticket_types.as_ref().is_none_or(|types| types.contains(&bucket.ticket_type));
        let is_read = filter.read.is_none_or(|read| read != bucket.unread);
        if is_status && is_creator && is_type && is_read {
            counts.total += tickets;
        }
        if is_creator && is_type && is_read {
            *counts.statuses.entry(bucket.status).or_default() += tickets;
            for bit in (0..i64::BITS - 1).map(|place| 1_i64 << place).filter(|bit| bucket.marks & bit != 0) {
                *counts.marks.entry(bit).or_default() += tickets;
            }
        }
        if is_status && is_creator && is_read {
            *counts.ticket_types.entry(bucket.ticket_type).or_default() += tickets;
        }
        if is_status && is_creator && is_type {
            *(if bucket.unread { &mut counts.unread } else { &mut counts.read }) += tickets;
        }
        if is_status && is_type && is_read && all.has(bucket.relation) {
            counts.anyone += tickets;
            if bucket.relation == Relation::Own {
                counts.mine += tickets;
            }
        }
    }
    counts
}

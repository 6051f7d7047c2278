//! Every filter and order of the history, and what each is compared with.

use std::collections::BTreeSet;

use pocketdesk::model::StatusId;
use pocketdesk::query::{CreatorFilter, HistoryFilter, HistorySort, SortKey};

/// The index, the condition and the order of the first page.
pub(super) const BY_ACTIVITY: [&str; 3] = ["last_activity, number", "1", "last_activity DESC, number DESC"];

/// One query of ours, and what it is compared with.
pub(super) struct Pair {
    pub name: &'static str,
    pub filter: HistoryFilter,
    pub sort: HistorySort,
    /// The reference's index, its condition and its order; `None` if there is nothing to compare with.
    pub reference: Option<[&'static str; 3]>,
    /// The most that the ratio may be, or the most milliseconds without a reference.
    pub reach: f64,
}

pub(super) fn pairs() -> Vec<Pair> {
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
pub(super) fn two_filters() -> Vec<Pair> {
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

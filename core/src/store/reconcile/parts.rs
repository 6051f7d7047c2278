//! A thread as it was read, and what a part of a thread does not contain.

use std::collections::BTreeSet;

use crate::model::{RemoteComment, RemotePerson, TicketId, Timestamp, Unreadable};
use crate::outbox::{Candidate, Settlement};
use crate::store::Observation;

/// A thread that was read from the server, or a part of one; then a [`Rest`] says what it leaves out.
pub struct ReadThread<'a> {
    /// The ticket that the thread belongs to.
    pub ticket: TicketId,
    /// The ticket's last update that was known when the thread was requested, by the server's clock.
    pub of: Timestamp,
    /// The comments, oldest first.
    pub comments: &'a [RemoteComment],
    /// The authors, as far as the server shows them.
    pub people: &'a [RemotePerson],
    /// The user whom it was read for, and the time of the request.
    pub seen: Observation,
}

/// What a [`ReadThread`] leaves out of its thread. By default it leaves out nothing: the read is the whole thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rest {
    /// The ids of the comments that were stored before, as parts of the same read.
    pub stored: BTreeSet<i64>,
    /// The comments that could not be read. They exist, so they are not hidden.
    pub unreadable: Unreadable,
    /// Set if the read is only a part of the thread.
    pub part: Option<Part>,
    /// The oldest comment of the read is not the first comment of the thread, which is its description.
    pub without_first: bool,
}

/// The result of storing a thread, or a part of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppliedThread {
    /// The operations whose messages the read contains.
    pub settled: Vec<Settlement>,
    /// The indexes of the comments of a part that were left over for a later one.
    pub left_over: Vec<usize>,
}

/// A part of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// This part and the earlier ones contain every comment with a higher id than this. `None` if this is not known for
    /// any id.
    pub above: Option<i64>,
    /// Whether the newest comments were read. Then the thread counts as read, and a walk reads the pages that are left.
    pub newest: bool,
}

impl Rest {
    /// Whether the read contains the comment of `candidate`, if the server has it.
    pub(super) fn covers(&self, candidate: &Candidate) -> bool {
        match self.part {
            _ if candidate.description => !self.without_first,
            None => true,
            Some(part) => part.above.is_some_and(|above| candidate.high_water_mark >= above),
        }
    }
}

/// A read of a whole thread.
pub(super) static WHOLE: Rest = Rest {
    stored: BTreeSet::new(),
    unreadable: Unreadable { ids: Vec::new(), unknown: 0 },
    part: None,
    without_first: false,
};

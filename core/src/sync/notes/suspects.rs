//! The suspects of a run: tickets that may have to be revoked. [`revocation`](crate::sync::revocation) tells their
//! whole story.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::{TicketId, TicketNumber};

/// The suspects of a run.
#[derive(Default)]
pub(in crate::sync) struct Suspects(Mutex<Found>);

#[derive(Default)]
struct Found {
    waiting: Vec<Suspect>,
    /// Those of which it is known why they are missing. They never are too many.
    explained: BTreeSet<TicketId>,
    /// How many other tickets the run has revoked.
    revoked: usize,
}

/// A ticket about which the server says that it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sync) struct Suspect {
    pub ticket: TicketId,
    pub number: TicketNumber,
    /// The token with which it was asked for ([`Remote::credential`](crate::connectors::Remote::credential)).
    pub credential: u64,
    /// Whether the server said this about the thread, not about the ticket itself. Then the server may still show the
    /// ticket, although its thread cannot be read.
    pub thread: bool,
}

impl Suspects {
    /// Adds a ticket that may have to be revoked. `explained`: it is known why it is missing.
    pub fn add(&self, suspect: Suspect, explained: bool) {
        let mut found = self.lock();
        if explained {
            found.explained.insert(suspect.ticket);
        }
        if !found.waiting.iter().any(|known| known.ticket == suspect.ticket) {
            found.waiting.push(suspect);
        }
    }

    /// Whether there are too many suspects to revoke any. `few` is how many tickets one run may revoke.
    pub fn are_too_many(&self, few: usize) -> bool {
        let found = self.lock();
        let unexplained = found.waiting.iter().filter(|suspect| !found.explained.contains(&suspect.ticket)).count();
        unexplained + found.revoked > few
    }

    /// All suspects.
    pub fn all(&self) -> Vec<Suspect> {
        self.lock().waiting.clone()
    }

    /// Takes all suspects.
    pub fn take(&self) -> Vec<Suspect> {
        std::mem::take(&mut self.lock().waiting)
    }

    /// A ticket was revoked.
    pub fn count_revoked(&self, ticket: TicketId) {
        let mut found = self.lock();
        if !found.explained.contains(&ticket) {
            found.revoked += 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Found> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

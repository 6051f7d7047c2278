//! What a run works with.

use crate::connectors::Remote;
use crate::environment::Environment;
use crate::model::{PersonId, TicketId};
use crate::outbox::ClockReading;
use crate::product::Product;
use crate::store::{Observation, Store};

/// What a run works with. Borrowed from the server for as long as the run lasts.
pub struct SyncContext<'a> {
    /// The account's file.
    pub store: &'a Store,
    /// The help desk.
    pub remote: &'a dyn Remote,
    /// Time and chance.
    pub environment: &'a dyn Environment,
    /// What this server allows.
    pub product: &'a Product,
    /// The server's origin, to which the file is bound at first contact.
    pub origin: &'a str,
    /// The thread on screen, if any, whenever it is asked: looked at first, and what comes for it is read at once.
    pub open_thread: &'a (dyn Fn() -> Option<TicketId> + Send + Sync),
    /// Tickets that somebody was told about (a push message), taken by asking: looked at before anything long.
    pub pushed_tickets: &'a (dyn Fn() -> Vec<TicketId> + Send + Sync),
    /// Whether something was written or opened since the run began, taken by asking: a long run does it in between.
    pub has_urgent_work: &'a (dyn Fn() -> bool + Send + Sync),
    /// The app is in front: there is idle time to read ahead in.
    pub in_front: bool,
    /// Whether the platform says that there is a network, whenever it is asked: without one no write is begun, because a
    /// request that breaks in the middle leaves a doubt.
    pub online: &'a (dyn Fn() -> bool + Send + Sync),
    /// How much to read.
    pub scope: Scope,
}

/// How much a run reads. Every run sends what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The thread on screen, and the threads that are known to have changed.
    Due,
    /// Every list as well.
    Everything,
}

impl SyncContext<'_> {
    /// Now, on both clocks.
    pub(super) fn moment(&self) -> ClockReading {
        ClockReading { device: self.environment.now(), server: self.remote.server_time() }
    }

    pub(super) fn seen(&self, me: Me) -> Observation {
        Observation {
            by: me,
            server: self.remote.server_time(),
            at: self.environment.now(),
            open_thread: (self.open_thread)(),
        }
    }
}

/// The user this file belongs to; every reading is matched against it.
pub(super) type Me = PersonId;

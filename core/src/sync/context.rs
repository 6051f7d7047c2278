//! The context of a run: everything that it borrows from the client.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::health::Health;
use super::notes::{Notes, ServerQuestion};
use super::remainder::{FIRST_LISTS_WAIT_AT_MOST, LISTS_WAIT_AT_MOST};
use crate::connectors::Remote;
use crate::environment::Environment;
use crate::model::{PersonId, TicketId, Timestamp};
use crate::outbox::ClockReading;
use crate::product::Product;
use crate::store::{Observation, Pause, Store, StoreError};

/// Everything that a run works with, borrowed from the [`Client`](crate::Client) for as long as the run lasts. The
/// closures may be called at any time during the run, and answer with the situation of that moment.
pub struct SyncContext<'a> {
    /// The account's file.
    pub store: &'a Store,
    /// The connector to the help desk.
    pub remote: &'a dyn Remote,
    /// Clock, sleep and random bytes.
    pub environment: &'a dyn Environment,
    /// The product definition, narrowed to what this server can do.
    pub product: &'a Product,
    /// The language of labels that the company has written, a BCP 47 tag.
    pub language: &'a str,
    /// The server's origin. The file is bound to it at the first contact.
    pub origin: &'a str,
    /// The thread on screen, if any. It is read first, and news in it counts as read at once.
    pub open_thread: Box<dyn Fn() -> Option<TicketId> + Send + Sync + 'a>,
    /// Takes the tickets that push messages were about. They are read before anything long.
    pub pushed_tickets: Box<dyn Fn() -> Vec<TicketId> + Send + Sync + 'a>,
    /// Takes what users want the server to search for.
    pub(crate) questions: Box<dyn Fn() -> Vec<ServerQuestion> + Send + Sync + 'a>,
    /// Takes the request for urgent work. True if anything has asked for a run since the last call. A long run then
    /// sends what the user wrote, and reads what the user opened, between two of its own requests.
    pub has_urgent_work: Box<dyn Fn() -> bool + Send + Sync + 'a>,
    /// Called when the server has told who the user is, and the file is bound to that user. Only then files may be
    /// transferred.
    pub user_is_known: Box<dyn Fn() + Send + Sync + 'a>,
    /// Whether there is no history for this user, and what was read of one is to be removed (`docs/product.md`, S17).
    pub no_history: Box<dyn Fn() -> bool + Send + Sync + 'a>,
    /// What earlier runs have found out about the server. This run adds what it finds out.
    pub health: &'a Health,
    /// Whether the app is in front. Only then the run reads threads in idle time.
    pub in_front: bool,
    /// Whether an attempt may begin: there is a network, and a background task is not about to end. A request that
    /// breaks in the middle would leave an ambiguous attempt.
    pub online: Box<dyn Fn() -> bool + Send + Sync + 'a>,
    /// How much to read.
    pub scope: Scope,
    /// The server's time, as the conversation's last answer told it.
    pub server_clock: ServerClock,
    /// What this run has noted.
    pub notes: Notes,
}

/// The server's time, as the last answer of this run that contained a time told it. Unknown when a run begins.
#[derive(Default)]
pub struct ServerClock(Mutex<Option<Timestamp>>);

impl ServerClock {
    fn note(&self, server: Option<Timestamp>) {
        if server.is_some() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = server;
        }
    }

    /// The last time that was told; `None` if no answer of this run told one.
    pub(super) fn last(&self) -> Option<Timestamp> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How much a run reads. Every run sends everything that is due, whatever its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The priority fetches, and the threads that are known to have changed.
    Due,
    /// Also the list that matters most, usually with one row. The other lists are read only if that one has changed, or
    /// if a list was never read completely.
    Check,
    /// Also every list, so that new tickets and changes are found.
    Everything,
}

impl SyncContext<'_> {
    /// The moment of an answer that arrives now and tells `server` as its time.
    pub(super) fn moment(&self, server: Option<Timestamp>) -> ClockReading {
        self.server_clock.note(server);
        ClockReading { device: self.environment.now(), server }
    }

    /// The pause that begins now for something that failed. `after` is the wait that the server asked for.
    pub(super) fn pause(&self, after: Option<Duration>) -> Pause {
        Pause { now: self.environment.now(), after, chance: self.environment.chance() }
    }

    /// How long everything has to wait that the user does not wait for, because little is left of the rate limit.
    pub(super) fn little_left(&self) -> Result<Option<Duration>, StoreError> {
        let at_most = if self.store.first_sync_done()? { LISTS_WAIT_AT_MOST } else { FIRST_LISTS_WAIT_AT_MOST };
        Ok(self.health.little_left(self.remote, self.environment.now(), at_most))
    }

    /// The server's time after an answer with the time `server`. If the answer tells no time, the last time that this run
    /// was told counts. `None` if it was told none.
    pub(super) fn server_time(&self, server: Option<Timestamp>) -> Option<Timestamp> {
        server.or_else(|| self.server_clock.last())
    }

    /// What the store has to know about an answer that arrives now: for whom it was read, and when. `server` is the
    /// answer's own time. Also notes that the server has answered, and that the account works.
    pub(super) fn seen(&self, me: Me, server: Option<Timestamp>) -> Observation {
        self.server_clock.note(server);
        self.notes.isolation.answered();
        self.notes.account.works();
        Observation { by: me, server, at: self.environment.now(), open_thread: (self.open_thread)() }
    }
}

/// The user to whom the file belongs. It tells the user's own tickets and comments from those of others.
pub(super) type Me = PersonId;

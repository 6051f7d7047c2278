//! A model of a help desk, in memory. It implements the same trait as the network, so that the real connector is
//! tested.
//!
//! The server keeps every version of every ticket. A read may answer from any state of the last *stale* seconds, each
//! request independently. A write whose connection broke may be applied at any time in the next *late* seconds. Both go
//! up to the bounds in the product definition, and often to exactly these. Times in JSON are whole seconds. A request
//! whose sender is dropped (as by a killed process) may still be applied.

mod connection;
mod extras;
mod faults;
mod files;
mod log;
mod moods;
mod people;
mod state;
mod texts;
mod wire;
mod writes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use self::connection::Connection;
use self::extras::Extras;
use self::faults::FaultQueue;
pub use self::faults::{Fault, FaultCounts, FaultScope, InjectedFault, RequestKind};
use self::files::Uploads;
pub(crate) use self::files::{Content, File};
pub(crate) use self::log::Place;
use self::log::{Log, Write, header};
pub use self::moods::Mood;
pub(crate) use self::moods::{Moods, WORDS};
pub use self::people::ServerAction;
use self::state::Tickets;
pub(crate) use self::state::{ADA, Comment, EVE, MARTA, Origin, Ticket, Via};
pub(crate) use self::texts::{Text, key};
use crate::World;

/// How long an idempotency key is valid, in ms.
const KEY_LIFE: i64 = 2 * 60 * 60 * 1_000;

/// The traits of a server. They do not change during a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerTraits {
    /// Decides the order of cursor pages.
    pub shuffle: u64,
    /// Whether Ada belongs to an organisation.
    pub organization: bool,
    /// Whether the organisation's list is refused, always.
    pub organization_refused: bool,
    /// Whether private notes are answered, too, marked as private.
    pub notes_leak: bool,
    /// Whether texts are stored with other line breaks and spaces.
    pub rewrites: bool,
    /// Whether idempotency keys are supported.
    pub keys: bool,
    /// How long an upload can be used, in ms.
    pub upload_life: i64,
    /// Whether the server answers how long.
    pub tells_expiry: bool,
    /// Whether answers have a `Date`. Without it the client knows the time only from the device's clock. The simulation
    /// then leaves out every jump of that clock.
    pub tells_time: bool,
    /// The age of the oldest stale read, in ms.
    pub stale: i64,
    /// The longest delay of a late application, in ms.
    pub late: i64,
}

/// The server.
pub struct ModelServer {
    world: World,
    state: Mutex<State>,
}

pub(crate) struct State {
    traits: ServerTraits,
    tickets: Tickets,
    last_id: i64,
    markers: u32,
    late: BTreeMap<(i64, u64), Write>,
    keys: BTreeMap<String, (i64, Vec<u8>, i64)>,
    uploads: Uploads,
    refused: BTreeSet<String>,
    fault_queue: FaultQueue,
    moods: Moods,
    log: Log,
    extras: Extras,
}

impl ServerTraits {
    /// A well-behaved server: no stale reads, no late applications, texts stored as they were written, idempotency keys
    /// supported.
    #[must_use]
    pub const fn plain(shuffle: u64) -> Self {
        Self {
            shuffle,
            organization: false,
            organization_refused: false,
            notes_leak: false,
            rewrites: false,
            keys: true,
            upload_life: 3_600_000,
            tells_expiry: true,
            tells_time: true,
            stale: 0,
            late: 0,
        }
    }
}

impl ModelServer {
    /// An empty server.
    #[must_use]
    pub fn new(world: World, traits: ServerTraits) -> Self {
        let state = State {
            traits,
            tickets: Tickets::default(),
            last_id: 1_000,
            markers: 0,
            late: BTreeMap::new(),
            keys: BTreeMap::new(),
            uploads: Uploads::default(),
            refused: BTreeSet::new(),
            fault_queue: FaultQueue::default(),
            moods: Moods::default(),
            log: Log::default(),
            extras: Extras::default(),
        };
        Self { world, state: Mutex::new(state) }
    }

    /// Whether answers have a `Date`.
    pub(crate) fn tells_time(&self) -> bool {
        self.state().traits.tells_time
    }

    /// A connection for one installation of the app.
    #[must_use]
    pub fn connect(self: &Arc<Self>, installation: u32) -> Connection {
        let mut state = self.state();
        state.log.present = state.log.present.max(installation);
        drop(state);
        Connection { server: Arc::clone(self), installation }
    }

    /// Injects a fault for the next requests that it concerns.
    pub fn inject(&self, fault: InjectedFault) {
        self.state().fault_queue.inject(fault);
    }

    /// Begins a mood, which lasts `length` ms; with 0 it lasts until all moods end.
    pub fn change_mood(&self, mood: Mood, variant: u8, length: u64) {
        let length = i64::try_from(length).ok().filter(|length| *length > 0).unwrap_or(i64::MAX);
        let until = self.world.time().saturating_add(length);
        self.state().moods.begin(mood, variant, until);
    }

    /// Ends all moods that end.
    pub fn moods_off(&self) {
        self.state().moods.end();
    }

    /// Ends all faults. Late writes are still applied.
    pub fn all_off(&self) {
        self.state().fault_queue.all_off();
    }

    /// Whether no fault is to come, and no mood refuses anything.
    pub fn is_well(&self) -> bool {
        let state = self.state();
        state.fault_queue.is_empty() && !state.moods.are_lasting()
    }

    /// How often each fault happened.
    #[must_use]
    pub fn fault_counts(&self) -> FaultCounts {
        self.state().fault_queue.counts.clone()
    }

    /// The current state. Late writes that are due are applied first.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.catch_up(&self.world);
        state.moods.expire(self.world.time());
        state
    }

    /// Subjects and public texts of all tickets, whoever may see them, in the order of creation.
    #[must_use]
    pub fn texts(&self) -> Vec<(String, Vec<String>)> {
        let texts = |ticket: &Arc<Ticket>| {
            (ticket.subject.clone(), ticket.public().map(|comment| comment.text.body.clone()).collect())
        };
        self.state().tickets().map(texts).collect()
    }

    /// How many uploads expired without being used.
    pub(crate) fn expired_uploads(&self) -> u64 {
        self.state().uploads.expired(self.world.time())
    }

    fn choose_late(&self, bound: i64) -> i64 {
        let bound = u64::try_from(bound).unwrap_or_default();
        let chosen = if self.world.below(3) == 0 { bound } else { self.world.below(bound + 1) };
        i64::try_from(chosen).unwrap_or_default()
    }

    fn postpone(&self, write: Write) {
        let mut state = self.state();
        let due = self.world.time() + self.choose_late(state.traits.late);
        let place = (due, state.late.len() as u64);
        self.world.note(|| format!("  … will be applied at {due}"));
        state.late.insert(place, write);
    }
}

impl State {
    fn id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    fn catch_up(&mut self, world: &World) {
        while let Some((&(due, _), _)) = self.late.first_key_value()
            && due <= world.time()
            && let Some((_, write)) = self.late.pop_first()
        {
            let (status, _) = self.apply(&write, due, true);
            world.note(|| format!("  applied late, as of {due}: {:?} {status}", write.place));
        }
    }

    /// Whether a late write is still to be applied.
    pub fn is_late(&self) -> bool {
        !self.late.is_empty()
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    pub fn moods(&self) -> &Moods {
        &self.moods
    }

    pub fn ticket(&self, id: i64) -> Option<&Arc<Ticket>> {
        self.tickets.get(id)
    }

    /// All tickets, whoever may see them.
    pub fn tickets(&self) -> impl Iterator<Item = &Arc<Ticket>> {
        self.tickets.all()
    }

    /// Whether the server ever hid the ticket.
    pub fn was_hidden(&self, id: i64) -> bool {
        self.tickets.versions(id).any(|ticket| !ticket.visible)
    }

    /// How many comments of a ticket have this normalised text and were written by Ada on another device.
    pub fn written_elsewhere(&self, id: i64, text: &str) -> usize {
        let alike = |comment: &&Comment| {
            comment.author == ADA && comment.origin == Origin::Elsewhere && self.is_text(&comment.text.written, text)
        };
        self.ticket(id).map_or(0, |ticket| ticket.comments.iter().filter(alike).count())
    }

    /// Whether the server has such a text from the app in this ticket, and shows it to nobody.
    pub fn hides(&self, id: Option<i64>, text: &str) -> bool {
        let comments = id.and_then(|id| self.ticket(id)).into_iter().flat_map(|ticket| &ticket.comments);
        let hidden = |comment: &&Comment| !comment.public && comment.author == ADA && comment.content().0 == text;
        comments.filter(hidden).count() > 0
    }

    /// Whether there is such a comment.
    pub fn has_from_elsewhere(&self, id: i64, text: &str) -> bool {
        self.written_elsewhere(id, text) > 0
    }

    /// Whether the server shows the ticket to Ada.
    pub fn shows(&self, ticket: &Ticket) -> bool {
        ticket.visible
            && match ticket.via {
                Via::Own | Via::Copied => true,
                Via::Organization => self.traits.organization && !self.traits.organization_refused,
            }
    }
}

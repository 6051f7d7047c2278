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

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

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

    fn apply(&mut self, write: &Write, now: i64, use_key: bool) -> (u16, Value) {
        let body: Value = serde_json::from_slice(&write.body).unwrap_or_default();
        let change = &body["request"];
        match write.place {
            Place::Survey(id) => self.apply_rating(write, id, &body, now),
            Place::Toggle(id) => self.apply_toggle(write, id, &body, now),
            Place::New => {
                let key = write.key.as_ref().filter(|_| use_key && self.traits.keys);
                if let Some((at, first, ticket)) = key.and_then(|key| self.keys.get(key))
                    && now - at <= KEY_LIFE
                {
                    if *first != write.body {
                        self.log.disturbed += 1;
                        *self.log.ambiguous.entry(write.named()).or_default() += 1;
                        return (
                            400,
                            json!({ "error": "IdempotentRequestError", "description":
                            "Request parameters are different to the original request used with this idempotency key." }),
                        );
                    }
                    let first = self.tickets.get(*ticket);
                    if first.is_some_and(|first| first.origin == Origin::App(write.installation)) {
                        *self.log.repeated.entry((write.installation, write.text())).or_default() += 1;
                    }
                    let answer = self.tickets.get(*ticket).map(|ticket| self.confirmation(ticket));
                    return (201, json!({ "request": answer }));
                }
                let Some(files) = self.named(write, change, now) else { return (422, wire::unusable()) };
                let ticket = self.create(change, files, now, write.installation);
                let answer = json!({ "request": self.confirmation(&ticket) });
                if let Some(key) = &write.key {
                    self.keys.insert(key.clone(), (now, write.body.clone(), ticket.id));
                }
                self.tickets.put(now, ticket);
                (201, answer)
            }
            Place::Ticket(id) => {
                let Some(ticket) = self.tickets.get(id).filter(|ticket| self.shows(ticket)) else {
                    return (404, json!({ "error": "RecordNotFound", "description": "Not found" }));
                };
                if ticket.status == "closed" {
                    return (422, wire::invalid("status", "Status: closed prevents ticket update"));
                }
                let mut ticket = Ticket::clone(ticket);
                let Some(files) = self.named(write, change, now) else { return (422, wire::unusable()) };
                self.change(&mut ticket, change, files, now, write.installation);
                self.note_order(write, id, change, now);
                let answer = json!({ "request": self.confirmation(&ticket) });
                self.tickets.put(now, ticket);
                (200, answer)
            }
        }
    }

    /// Takes the files that a write names. If the server does not have them all, records that and returns `None`.
    fn named(&mut self, write: &Write, change: &Value, now: i64) -> Option<Vec<File>> {
        let files = self.uploads.take(&wire::texts(&change["comment"]["uploads"]), now);
        if files.is_none() {
            self.log.disturbed += 1;
            *self.log.uploads_refused.entry((write.installation, write.text())).or_default() += 1;
        }
        files
    }

    fn create(&mut self, new: &Value, files: Vec<File>, now: i64, installation: u32) -> Ticket {
        let id = self.id();
        let text = self.stored(new["comment"]["body"].as_str().unwrap_or_default());
        let origin = Origin::App(installation);
        let comment = Comment { files, ..self.comment(ADA, origin, text, now) };
        Ticket {
            id,
            via: Via::Own,
            origin,
            subject: new["subject"].as_str().unwrap_or_default().to_owned(),
            status: "new",
            created_at: now,
            updated_at: now,
            visible: true,
            access: wire::field(new, wire::ACCESS).as_bool(),
            issue_type: wire::field(new, wire::ISSUE_TYPE).as_str().map(str::to_owned),
            reference: wire::reference(new),
            cc: wire::texts(&new["collaborators"]),
            comments: vec![comment],
        }
    }

    fn change(&mut self, ticket: &mut Ticket, change: &Value, files: Vec<File>, now: i64, installation: u32) {
        if let Some(text) = change["comment"]["body"].as_str() {
            let (text, public) = (self.stored(text), !self.moods.is_on(Mood::RepliesHidden));
            let comment = self.comment(ADA, Origin::App(installation), text, now);
            ticket.comments.push(Comment { public, files, ..comment });
            if matches!(ticket.status, "pending" | "hold" | "solved") {
                ticket.status = "open";
            }
        }
        if change["solved"] == true {
            ticket.status = "solved";
        }
        for address in wire::texts(&change["additional_collaborators"]) {
            if !ticket.cc.contains(&address) {
                ticket.cc.push(address);
            }
        }
        ticket.updated_at = now;
    }

    /// A text as this server stores it.
    fn stored(&self, text: &str) -> Text {
        Text::stored(text, self.traits.rewrites, &self.moods)
    }

    /// The answer to a write.
    fn confirmation(&self, ticket: &Ticket) -> Value {
        let mut row = wire::request(ticket, ADA);
        self.date_ahead(ticket.id, &mut row);
        row
    }
}

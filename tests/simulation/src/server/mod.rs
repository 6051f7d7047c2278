//! A help desk in memory, behind the same trait as the network, so that the real connector is under test.
//!
//! It keeps every version of every ticket. A read may answer from any moment of the last *stale* seconds, each request on
//! its own; a write whose connection broke may be applied any time in the next *late* seconds; both up to the very bounds
//! that the product states, and often exactly there. Times on the wire are whole seconds. A request whose sender is gone
//! (a killed process) may still be on its way.

mod faults;
mod files;
mod line;
mod log;
mod people;
mod state;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pocketdesk::model::normalise;
use serde_json::{Value, json};

use self::faults::Switchboard;
pub use self::faults::{Asked, Fault, Hits, On, Order};
use self::files::Uploads;
pub(crate) use self::files::{Content, File};
pub use self::line::Line;
pub(crate) use self::log::Place;
use self::log::{Log, Write, header};
pub use self::people::Act;
use self::state::Tickets;
pub(crate) use self::state::{ADA, Comment, EVE, MARTA, Origin, Ticket, Via};
use crate::World;

/// How long a key is known, in ms.
const KEY_LIFE: i64 = 2 * 60 * 60 * 1_000;

/// What kind of server it is; the same for a whole schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// Decides the order of cursor pages.
    pub shuffle: u64,
    /// Ada belongs to an organisation.
    pub organization: bool,
    /// The organisation's list is refused, and always was.
    pub organization_refused: bool,
    /// Private notes slip through, marked as such.
    pub notes_leak: bool,
    /// Texts are stored with other line breaks and spaces.
    pub rewrites: bool,
    /// Idempotency keys are known.
    pub keys: bool,
    /// How long an upload waits for its comment, in ms.
    pub upload_life: i64,
    /// The server says how long.
    pub tells_expiry: bool,
    /// Answers say when they were given. Where they do not, the device's clock is all there is, and does not jump.
    pub tells_time: bool,
    /// The longest stale read, in ms.
    pub stale: i64,
    /// The longest late apply, in ms.
    pub late: i64,
}

/// The server.
pub struct ModelServer {
    world: World,
    state: Mutex<State>,
}

pub(crate) struct State {
    nature: Nature,
    tickets: Tickets,
    last_id: i64,
    markers: u32,
    late: BTreeMap<(i64, u64), Write>,
    keys: BTreeMap<String, (i64, Vec<u8>, i64)>,
    uploads: Uploads,
    refused: BTreeSet<String>,
    switchboard: Switchboard,
    log: Log,
}

impl Nature {
    /// A server that keeps its word: no stale reads, no late applies, texts as they were written, keys remembered.
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
    pub fn new(world: World, nature: Nature) -> Self {
        let state = State {
            nature,
            tickets: Tickets::default(),
            last_id: 1_000,
            markers: 0,
            late: BTreeMap::new(),
            keys: BTreeMap::new(),
            uploads: Uploads::default(),
            refused: BTreeSet::new(),
            switchboard: Switchboard::default(),
            log: Log::default(),
        };
        Self { world, state: Mutex::new(state) }
    }

    /// Whether its answers say when they were given.
    pub(crate) fn tells_time(&self) -> bool {
        self.state().nature.tells_time
    }

    /// A way to this server for one installation of the app.
    #[must_use]
    pub fn line(self: &Arc<Self>, installation: u32) -> Line {
        Line { server: Arc::clone(self), installation }
    }

    /// The next requests meet this fault.
    pub fn order(&self, order: Order) {
        self.state().switchboard.order(order);
    }

    /// From now on nothing goes wrong; what is late still comes.
    pub fn all_off(&self) {
        self.state().switchboard.all_off();
    }

    /// How often each fault was met.
    #[must_use]
    pub fn hits(&self) -> Hits {
        self.state().switchboard.hits.clone()
    }

    /// The server as of now: what was late and is due by now is applied.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.catch_up(&self.world);
        state
    }

    /// Subjects and public texts as the server has them, whoever may see them, in the order of creation.
    #[must_use]
    pub fn texts(&self) -> Vec<(String, Vec<String>)> {
        let texts = |ticket: &Arc<Ticket>| {
            (ticket.subject.clone(), ticket.public().map(|comment| comment.body.clone()).collect())
        };
        self.state().tickets().map(texts).collect()
    }

    /// How many uploads were in vain, because nobody named them in time.
    pub(crate) fn vain_uploads(&self) -> u64 {
        self.state().uploads.expired(self.world.time())
    }

    fn choose_late(&self, bound: i64) -> i64 {
        let bound = u64::try_from(bound).unwrap_or_default();
        let chosen = if self.world.below(3) == 0 { bound } else { self.world.below(bound + 1) };
        i64::try_from(chosen).unwrap_or_default()
    }

    fn postpone(&self, write: Write) {
        let mut state = self.state();
        let due = self.world.time() + self.choose_late(state.nature.late);
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

    /// Whether something is still on its way.
    pub fn is_late(&self) -> bool {
        !self.late.is_empty()
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    pub fn ticket(&self, id: i64) -> Option<&Arc<Ticket>> {
        self.tickets.get(id)
    }

    /// Every ticket, whoever may see it.
    pub fn tickets(&self) -> impl Iterator<Item = &Arc<Ticket>> {
        self.tickets.all()
    }

    /// Whether there was a time when the server did not show it.
    pub fn was_hidden(&self, id: i64) -> bool {
        self.tickets.versions(id).any(|ticket| !ticket.visible)
    }

    /// How many comments of a ticket have this (normalised) text and are Ada's, written elsewhere.
    pub fn written_elsewhere(&self, id: i64, text: &str) -> usize {
        let alike = |comment: &&Comment| {
            comment.author == ADA && comment.origin == Origin::Elsewhere && normalise(&comment.body) == text
        };
        self.ticket(id).map_or(0, |ticket| ticket.comments.iter().filter(alike).count())
    }

    /// Whether there is one.
    pub fn has_from_elsewhere(&self, id: i64, text: &str) -> bool {
        self.written_elsewhere(id, text) > 0
    }

    /// Whether the server shows it to Ada.
    pub fn shows(&self, ticket: &Ticket) -> bool {
        ticket.visible
            && match ticket.via {
                Via::Own | Via::Copied => true,
                Via::Organization => self.nature.organization && !self.nature.organization_refused,
            }
    }

    fn apply(&mut self, write: &Write, now: i64, look_at_key: bool) -> (u16, Value) {
        let body: Value = serde_json::from_slice(&write.body).unwrap_or_default();
        let change = &body["request"];
        match write.place {
            Place::New => {
                let key = write.key.as_ref().filter(|_| look_at_key && self.nature.keys);
                if let Some((at, first, ticket)) = key.and_then(|key| self.keys.get(key))
                    && now - at <= KEY_LIFE
                {
                    if *first != write.body {
                        self.log.disturbed += 1;
                        *self.log.doubts.entry(write.named()).or_default() += 1;
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
                    let answer = self.tickets.get(*ticket).map(|ticket| wire::request(ticket, ADA));
                    return (201, json!({ "request": answer }));
                }
                let Some(files) = self.named(write, change, now) else { return (422, wire::unusable()) };
                let ticket = self.create(change, files, now, write.installation);
                let answer = json!({ "request": wire::request(&ticket, ADA) });
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
                let answer = json!({ "request": wire::request(&ticket, ADA) });
                self.tickets.put(now, ticket);
                (200, answer)
            }
        }
    }

    /// The files that a write names; `None`, remembered, if the server does not have them all.
    fn named(&mut self, write: &Write, change: &Value, now: i64) -> Option<Vec<File>> {
        let files = self.uploads.take(&wire::texts(&change["comment"]["uploads"]), now);
        if files.is_none() {
            self.log.disturbed += 1;
            *self.log.uploads_refused.entry((write.installation, write.text())).or_default() += 1;
        }
        files
    }

    fn create(&mut self, new: &Value, files: Vec<File>, now: i64, installation: u32) -> Ticket {
        let (id, comment) = (self.id(), self.id());
        let body = self.stored(new["comment"]["body"].as_str().unwrap_or_default());
        let origin = Origin::App(installation);
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
            comments: vec![Comment { id: comment, author: ADA, origin, body, at: now, public: true, files }],
        }
    }

    fn change(&mut self, ticket: &mut Ticket, change: &Value, files: Vec<File>, now: i64, installation: u32) {
        if let Some(text) = change["comment"]["body"].as_str() {
            let (id, body, origin) = (self.id(), self.stored(text), Origin::App(installation));
            ticket.comments.push(Comment { id, author: ADA, origin, body, at: now, public: true, files });
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
    fn stored(&self, text: &str) -> String {
        if self.nature.rewrites { text.replace('\n', " \r\n").replace(", ", ",\u{a0}") + " " } else { text.to_owned() }
    }
}

//! Runs one schedule, from the first event to the last check.

use std::collections::BTreeSet;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use pocketdesk::live::{Changes, Subscription};
use pocketdesk::model::Delivery;
use pocketdesk::store::file_of;
use pocketdesk_disk::Keep;
use serde_json::json;

use crate::device::{ACCOUNT, Device, Files, TokenFault, clear};
use crate::oracle::{Oracle, sound};
use crate::picked::{MAX_BYTES, MAX_FILES};
use crate::schedule::{DeviceEvent, Event, Schedule, Survives};
use crate::server::{FaultCounts, ModelServer, Mood};
use crate::{World, user};

/// Longer than the longest wait that the server imposes and than the ambiguity timeout, in ms.
pub(crate) const SETTLE_TIME: u64 = 130_000;
const A_DAY: i64 = 25 * 3_600_000;
/// After this many rounds of waiting, nothing may be under way.
const MAX_ROUNDS: u8 = 12;

/// A promise that the client did not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation(String);

impl Violation {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// What was violated.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.0
    }

    /// The same text without what differs from run to run: numbers, lists and quoted texts.
    #[must_use]
    pub fn kind(&self) -> String {
        let outside = self.0.split('"').step_by(2).collect::<Vec<_>>().join("…");
        let (mut kind, mut depth) = (String::new(), 0_u32);
        for c in outside.chars().filter(|c| !c.is_ascii_digit()) {
            depth += u32::from(c == '[');
            if depth == 0 {
                kind.push(c);
            }
            depth = depth.saturating_sub(u32::from(c == ']'));
        }
        kind
    }
}

/// The result of a run.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The violation, if there was one.
    pub violation: Option<Violation>,
    /// The trace, if one was recorded.
    pub trace: String,
    /// How often each fault happened.
    pub fault_counts: FaultCounts,
    /// How often the process was killed.
    pub kills: u64,
    /// How often a copy of the folder continued as another installation.
    pub moves: u64,
    /// How often the process or the power ended in the middle of a write or sync.
    pub cuts: u64,
    /// How often the device's clock jumped.
    pub jumps: u64,
    /// How many messages were accepted.
    pub writes: u64,
    /// How many files were picked.
    pub files: u64,
    /// How many requests the server received.
    pub requests: u64,
    /// The moods in which the server was.
    pub moods: BTreeSet<Mood>,
}

/// Runs `schedule` in the folder `folder`, which is emptied first. With `record`, keeps a trace.
#[must_use]
pub fn run(schedule: &Schedule, folder: &Path, record: bool) -> Outcome {
    clear(folder);
    let world = World::new(schedule.seed);
    world.set_device_clock(schedule.off_by);
    if record {
        world.record();
    }
    let server = Arc::new(ModelServer::new(world.clone(), schedule.traits));
    server.fill(schedule.tickets);
    let device = Device::new(world.clone(), Arc::clone(&server), folder, product(schedule));
    let mut oracle = Oracle::at(folder);
    oracle.marks.are_shared = schedule.marks;
    let mut run = Run { world, server, device, oracle, copy: None, outcome: Outcome::default() };
    let ended = catch_unwind(AssertUnwindSafe(|| run.whole(schedule, folder)));
    let mut outcome = run.outcome;
    outcome.violation = match ended {
        Ok(ended) => ended.err(),
        Err(panic) => {
            let message = panic.downcast_ref::<String>().map(String::as_str);
            let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
            Some(Violation::new(format!("panic: {message}")))
        }
    };
    outcome.fault_counts = run.server.fault_counts();
    (outcome.kills, outcome.cuts) = (run.device.kills, run.device.cuts);
    outcome.writes = (run.oracle.writes.len() + run.oracle.left_behind.len()) as u64;
    outcome.files = run.oracle.picked.into();
    outcome.requests = run.server.state().log().requests;
    outcome.moods = run.server.state().moods().ever();
    outcome.trace = run.world.trace();
    outcome
}

/// The built-in product definition with the schedule's page size, reconciliation policy and fields.
fn product(schedule: &Schedule) -> String {
    let mut product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "attachments": {
            "in": ["create", "reply"], "max_files": MAX_FILES, "max_bytes": MAX_BYTES,
            "types": ["csv", "txt", "har", "pdf", "jpg", "png"]
        },
        "actions": [
            { "id": "add_cc", "kind": "add_cc", "who": "any", "when": ["status.kind!=closed"] },
            { "id": "solve", "kind": "solve", "who": "owner", "when": ["status.active"] }
        ],
        "sync": {
            "page_size": schedule.page_size, "reconciliation_seconds": schedule.reconciliation.0,
            "reconciliation_requests": schedule.reconciliation.1
        }
    });
    if !schedule.reference {
        product["connectors"] = json!({ "zendesk": { "fields": { "client_reference": null } } });
    }
    if schedule.extras {
        product["fields"] = json!({ "proxy_login": { "type": "bool?", "writable": "me" } });
        if let Some(actions) = product["actions"].as_array_mut() {
            actions.push(json!({ "id": "feedback", "kind": "feedback", "who": "owner", "when": ["can.feedback"],
                                 "rating": ["bad", "good"] }));
            actions.push(json!({ "id": "proxy_login", "kind": "toggle", "who": "any", "field": "proxy_login" }));
        }
        let texts = json!({ "action.feedback": "Feedback", "action.proxy_login": "Proxy login", "field.proxy_login": "Proxy login" });
        product["strings"] = json!({ "en": texts, "de": texts, "es": texts });
        product["connectors"]["zendesk"]["feedback"] = json!("survey");
        let object = json!({ "key": "proxy_login", "ticket": "ticket", "user": "user", "value": "allowed" });
        product["connectors"]["zendesk"]["objects"] = json!({ "proxy_login": object });
    }
    if schedule.marks {
        product["read_marks"] = json!("shared|device");
        product["connectors"]["zendesk"]["shared_read_marks"] = json!(true);
    }
    product.to_string()
}

pub(crate) struct Run {
    pub world: World,
    pub server: Arc<ModelServer>,
    pub device: Device,
    pub oracle: Oracle,
    copy: Option<(Files, Oracle)>,
    outcome: Outcome,
}

impl Run {
    fn whole(&mut self, schedule: &Schedule, folder: &Path) -> Result<(), Violation> {
        // Some schedules create their file themselves, so that this is tested, too.
        if !schedule.seed.is_multiple_of(8) {
            self.device.start_from_template()?;
        }
        self.device.start()?;
        for event in &schedule.events {
            self.interruptible(|run| run.step(*event))?;
            self.interruptible(Self::check)?;
        }
        // Enough runs to read every page of every list and every missing ticket, at the schedule's number of requests
        // per run.
        self.run_to_the_end(if schedule.reconciliation.1 < 20 { 40 / schedule.reconciliation.1 } else { 1 })?;
        let app = self.device.start()?;
        let ends = self.device.kills + self.device.cuts + self.device.suspensions;
        self.oracle.check_final(&app, &self.server, self.device.installation, ends)?;
        drop(app);
        self.device.kill();
        sound(&file_of(folder, ACCOUNT))
    }

    /// Does something that a planned cut may interrupt. After a cut the app starts again, and has to show what was
    /// promised.
    fn interruptible(&mut self, mut work: impl FnMut(&mut Self) -> Result<(), Violation>) -> Result<(), Violation> {
        let done = work(self);
        if !self.device.handle_cut() {
            return done;
        }
        loop {
            let app = self.device.start()?;
            let checked = crate::user::reconcile(&app, &mut self.oracle)
                .and_then(|()| self.oracle.check(&app, &self.server, None));
            drop(app);
            if !self.device.handle_cut() {
                return checked;
            }
        }
    }

    fn step(&mut self, event: Event) -> Result<(), Violation> {
        match event {
            Event::Pass(length) => self.device.pass(length)?,
            Event::User(user_action) => {
                // The user acts on what the screen shows by now.
                self.device.start()?;
                self.check()?;
                user::act(user_action, &mut self.device, &mut self.oracle, &self.world)?;
            }
            // Before the first contact with the server, nobody knows to whom the file belongs.
            Event::Token(TokenFault::WrongUser, _) if !self.server.state().log().account_known => {}
            Event::Token(fault, times) => self.device.tokens.inject(fault, times),
            Event::Fault(fault) => self.server.inject(fault),
            Event::Server(action) => self.server.perform(action),
            Event::Device(device_event) => self.happen(device_event)?,
            Event::Mood { mood, variant, length } => {
                self.world.note(|| event.to_string());
                self.server.change_mood(mood, variant, length);
            }
            Event::Prompt { ticket, text } => self.prompt(ticket, text)?,
        }
        Ok(())
    }

    fn happen(&mut self, device_event: DeviceEvent) -> Result<(), Violation> {
        match device_event {
            DeviceEvent::Kill(polls) => self.device.kill_in(polls),
            DeviceEvent::Restart => {
                self.device.kill();
                self.device.start()?;
            }
            DeviceEvent::Cut(operations, survives) => {
                let keep = match survives {
                    Survives::All => Keep::All,
                    Survives::Synced => Keep::Synced,
                    Survives::Torn(seed) => Keep::Torn(seed.into()),
                };
                self.device.cut_after(operations, keep);
            }
            DeviceEvent::Suspend => self.device.suspend(),
            DeviceEvent::Copy if !self.server.state().log().account_known => {}
            DeviceEvent::Copy => {
                self.check()?;
                self.copy = Some((self.device.files(), self.oracle.clone()));
            }
            DeviceEvent::Move => {
                if let Some((files, then)) = &self.copy {
                    self.outcome.moves += 1;
                    self.world.note(|| "the copy continues as another installation".to_owned());
                    self.device.become_copy(files);
                    self.oracle.become_copy(then);
                    self.device.start()?;
                }
            }
            DeviceEvent::Jump(_) if !self.server.tells_time() => {}
            DeviceEvent::Jump(days) => {
                self.outcome.jumps += 1;
                self.world.jump_at_next_wait(i64::from(days) * 24 * 3_600_000);
            }
        }
        Ok(())
    }

    /// Checks what changed since the last check.
    pub fn check(&mut self) -> Result<(), Violation> {
        if self.device.is_suspended() {
            return Ok(());
        }
        let fresh = self.device.is_fresh();
        let (Some(app), Some(subscription)) = (self.device.app(), self.device.subscription()) else { return Ok(()) };
        let changes = gathered(subscription);
        let app = Arc::clone(app);
        self.oracle.check(&app, &self.server, Some(&changes).filter(|_| !fresh))
    }

    /// Ends all faults and lets the client work until what the user wrote is sent or needs the user, or until the
    /// rounds are used up. The oracle then checks that the client knows everything. A day later the client makes a full
    /// reconciliation, in at most `reconciliation_runs` runs.
    fn run_to_the_end(&mut self, reconciliation_runs: u8) -> Result<(), Violation> {
        self.world.note(|| "from here on there are no faults".to_owned());
        self.server.all_off();
        self.device.tokens.all_off();
        self.device.never_kill();
        if self.server.state().moods().are_lasting() {
            self.rest_in_a_mood()?;
        }
        let app = self.device.start()?;
        self.check()?;
        app.set_in_front(false).map_err(|error| Violation::new(format!("leaving the front failed: {error:?}")))?;
        if let Some(ticket) = self.oracle.opened.take() {
            app.thread_closed(ticket);
        }
        let failed = |error| Violation::new(format!("asking for a sync failed: {error:?}"));
        app.set_online(true).map_err(failed)?;
        for round in 0..MAX_ROUNDS {
            self.device.pass(SETTLE_TIME)?;
            app.sync_now().map_err(failed)?;
            self.device.pass(SETTLE_TIME / 4)?;
            self.check()?;
            // A message that is held up by a change of its ticket waits longer than is worth waiting for here.
            let waits = round < 6
                && self.oracle.writes.iter().any(|written| {
                    let with_user = matches!(written.delivery, Delivery::NeedsUser(_) | Delivery::MayHaveBeenSent);
                    written.stands() && written.delivery != Delivery::Sent && !with_user
                });
            if round > 0 && !waits {
                break;
            }
        }
        Oracle::knows_all(&app, &self.server)?;
        // A day later a full reconciliation is due. Each run spends at most its request budget on tickets that no list
        // shows any more.
        self.world.set_clock_forward(A_DAY);
        app.sync_now().map_err(failed)?;
        self.device.pass(SETTLE_TIME)?;
        // Where each page of a list takes seconds, reading all of them takes minutes.
        let is_slow = self.server.state().moods().is_on(Mood::SlowLists);
        let reconciliation_runs = if is_slow { reconciliation_runs.saturating_mul(8) } else { reconciliation_runs };
        for _ in 0..reconciliation_runs {
            app.sync_now().map_err(failed)?;
            self.device.pass(SETTLE_TIME / 4)?;
            if Oracle::shows_nothing_hidden(&app, &self.server)? {
                break;
            }
        }
        Ok(())
    }
}

/// The changes that were announced since the last check.
fn gathered(subscription: &Subscription) -> Changes {
    let next = pin!(subscription.next());
    match next.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(changes) => changes,
        Poll::Pending => Changes::default(),
    }
}

//! One schedule, from the first event to the last check.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use pocketdesk::live::{Changes, Subscription};
use pocketdesk::model::Delivery;
use pocketdesk::product::BUILT_IN;
use pocketdesk::store::file_of;
use pocketdesk_disk::Keep;
use serde_json::{Value, json};

use crate::device::{ACCOUNT, Device, Files, TokenFault, clear};
use crate::oracle::{Oracle, sound};
use crate::picked::{MOST_BYTES, MOST_FILES};
use crate::schedule::{Event, Happening, Schedule, Survives};
use crate::server::{Hits, ModelServer};
use crate::{World, user};

/// Longer than the server's longest wish and the outbox's quiet time, in ms.
const A_WHILE: u64 = 130_000;
const A_DAY: i64 = 25 * 3_600_000;
/// After so many of them nothing may be under way.
const MOST_WHILES: u8 = 12;

/// What did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation(String);

impl Violation {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// In words.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.0
    }

    /// The same words without what differs from run to run: numbers and quoted texts.
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

/// How a run went.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What did not hold, if anything.
    pub violation: Option<Violation>,
    /// If one was asked for.
    pub trace: String,
    /// How often each of the server's faults was met.
    pub hits: Hits,
    /// Processes killed.
    pub kills: u64,
    /// Copies that went on as another installation.
    pub moves: u64,
    /// Ends of the process or the power in the middle of a write or sync.
    pub cuts: u64,
    /// Jumps of the clock.
    pub jumps: u64,
    /// Messages that were accepted.
    pub writes: u64,
    /// Files that were picked.
    pub files: u64,
    /// Requests that the server got.
    pub requests: u64,
}

/// Runs `schedule` in the folder `ground`, which is emptied first. With `record`, keeps a trace.
#[must_use]
pub fn run(schedule: &Schedule, ground: &Path, record: bool) -> Outcome {
    clear(ground);
    let world = World::new(schedule.seed);
    world.set_device_clock(schedule.off_by);
    if record {
        world.record();
    }
    let server = Arc::new(ModelServer::new(world.clone(), schedule.nature));
    server.fill(schedule.tickets);
    let device = Device::new(world.clone(), Arc::clone(&server), ground, product(schedule));
    let mut run = Run { world, server, device, oracle: Oracle::at(ground), copy: None, outcome: Outcome::default() };
    let ended = catch_unwind(AssertUnwindSafe(|| run.whole(schedule, ground)));
    let mut outcome = run.outcome;
    outcome.violation = match ended {
        Ok(ended) => ended.err(),
        Err(panic) => {
            let message = panic.downcast_ref::<String>().map(String::as_str);
            let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
            Some(Violation::new(format!("panic: {message}")))
        }
    };
    outcome.hits = run.server.hits();
    (outcome.kills, outcome.cuts) = (run.device.kills, run.device.cuts);
    outcome.writes = (run.oracle.writes.len() + run.oracle.left_behind.len()) as u64;
    outcome.files = run.oracle.picked.into();
    outcome.requests = run.server.state().log().requests;
    outcome.trace = run.world.trace();
    outcome
}

/// The built-in product with the schedule's pages and fields.
fn product(schedule: &Schedule) -> String {
    let mut product: Value = serde_json::from_str(BUILT_IN).unwrap_or_default();
    product["add_cc"] = json!(true);
    product["solve"] = json!(true);
    product["attachments"] = json!({ "max_files": MOST_FILES, "max_bytes": MOST_BYTES,
                                     "types": ["csv", "txt", "har", "pdf", "jpg", "png"] });
    product["sync"]["page_size"] = json!(schedule.page_size);
    (product["sync"]["sweep_seconds"], product["sync"]["sweep_requests"]) =
        (json!(schedule.sweep.0), json!(schedule.sweep.1));
    if !schedule.reference {
        product["fields"]["client_reference"] = Value::Null;
    }
    product.to_string()
}

struct Run {
    world: World,
    server: Arc<ModelServer>,
    device: Device,
    oracle: Oracle,
    copy: Option<(Files, Oracle)>,
    outcome: Outcome,
}

impl Run {
    fn whole(&mut self, schedule: &Schedule, ground: &Path) -> Result<(), Violation> {
        // Some make their file themselves, so that this is under test as well.
        if !schedule.seed.is_multiple_of(8) {
            self.device.begin_with_made()?;
        }
        self.device.start()?;
        for event in &schedule.events {
            self.interruptible(|run| run.step(*event))?;
            self.interruptible(Self::look)?;
        }
        // Enough for every page of every list, and for whatever is missing, at so many requests a run.
        self.settle(if schedule.sweep.1 < 20 { 40 / schedule.sweep.1 } else { 1 })?;
        let app = self.device.start()?;
        let ends = self.device.kills + self.device.cuts;
        self.oracle.settled(&app, &self.server, self.device.installation, ends)?;
        drop(app);
        self.device.kill();
        sound(&file_of(ground, ACCOUNT))
    }

    /// Does something that the end of the process or of the power may interrupt. Then the app starts again, and what it
    /// shows has to be what was promised.
    fn interruptible(&mut self, mut work: impl FnMut(&mut Self) -> Result<(), Violation>) -> Result<(), Violation> {
        let done = work(self);
        if !self.device.power() {
            return done;
        }
        loop {
            let app = self.device.start()?;
            let checked = crate::user::reconcile(&app, &mut self.oracle)
                .and_then(|()| self.oracle.look(&app, &self.server, None));
            drop(app);
            if !self.device.power() {
                return checked;
            }
        }
    }

    fn step(&mut self, event: Event) -> Result<(), Violation> {
        match event {
            Event::Pass(length) => self.device.pass(length)?,
            Event::User(doing) => {
                // On what is on the screen by now.
                self.device.start()?;
                self.look()?;
                user::act(doing, &mut self.device, &mut self.oracle, &self.world)?;
            }
            // Before first contact nobody knows whose the file is.
            Event::Token(TokenFault::WrongUser, _) if !self.server.state().log().greeted => {}
            Event::Token(fault, times) => self.device.tokens.order(fault, times),
            Event::Fault(order) => self.server.order(order),
            Event::Act(act) => self.server.act(act),
            Event::Device(happening) => self.happen(happening)?,
        }
        Ok(())
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        match happening {
            Happening::Kill(polls) => self.device.kill_in(polls),
            Happening::Restart => {
                self.device.kill();
                self.device.start()?;
            }
            Happening::Cut(operations, survives) => {
                let keep = match survives {
                    Survives::All => Keep::All,
                    Survives::Synced => Keep::Synced,
                    Survives::Torn(seed) => Keep::Torn(seed.into()),
                };
                self.device.cut_after(operations, keep);
            }
            Happening::Suspend => self.device.suspend(),
            Happening::Copy if !self.server.state().log().greeted => {}
            Happening::Copy => {
                self.look()?;
                self.copy = Some((self.device.files(), self.oracle.clone()));
            }
            Happening::Move => {
                if let Some((files, then)) = &self.copy {
                    self.outcome.moves += 1;
                    self.world.note(|| "the copy goes on".to_owned());
                    self.device.become_copy(files);
                    self.oracle.become_copy(then);
                    self.device.start()?;
                }
            }
            Happening::Jump(_) if !self.server.tells_time() => {}
            Happening::Jump(days) => {
                self.outcome.jumps += 1;
                self.world.jump_at_next_wait(i64::from(days) * 24 * 3_600_000);
            }
        }
        Ok(())
    }

    /// Looks at what changed.
    fn look(&mut self) -> Result<(), Violation> {
        if self.device.is_suspended() {
            return Ok(());
        }
        let fresh = self.device.is_fresh();
        let (Some(app), Some(subscription)) = (self.device.app(), self.device.subscription()) else { return Ok(()) };
        let changes = gathered(subscription);
        let app = Arc::clone(app);
        self.oracle.look(&app, &self.server, Some(&changes).filter(|_| !fresh))
    }

    /// Nothing goes wrong any more, and everything comes to its end.
    fn settle(&mut self, sweep_runs: u8) -> Result<(), Violation> {
        self.world.note(|| "from here on nothing goes wrong".to_owned());
        self.server.all_off();
        self.device.tokens.all_off();
        self.device.never_kill();
        let app = self.device.start()?;
        self.look()?;
        app.set_in_front(false).map_err(|error| Violation::new(format!("leaving the front failed: {error:?}")))?;
        if let Some(ticket) = self.oracle.opened.take() {
            app.thread_closed(ticket);
        }
        let failed = |error| Violation::new(format!("asking for a sync failed: {error:?}"));
        app.set_online(true).map_err(failed)?;
        for whiles in 0..MOST_WHILES {
            self.device.pass(A_WHILE)?;
            app.sync_now().map_err(failed)?;
            self.device.pass(A_WHILE / 4)?;
            self.look()?;
            // What a change of the ticket holds up waits longer than it is worth to wait here.
            let waits = whiles < 6
                && self.oracle.writes.iter().any(|written| {
                    let with_user = matches!(written.delivery, Delivery::NeedsUser(_) | Delivery::MayHaveBeenSent);
                    written.stands() && written.delivery != Delivery::Sent && !with_user
                });
            if whiles > 0 && !waits {
                break;
            }
        }
        Oracle::knows_all(&app, &self.server)?;
        // A day later: what no list has any more is asked for, as far as one run's budget goes, and so on.
        self.world.set_clock_forward(A_DAY);
        app.sync_now().map_err(failed)?;
        self.device.pass(A_WHILE)?;
        for _ in 0..sweep_runs {
            app.sync_now().map_err(failed)?;
            self.device.pass(A_WHILE / 4)?;
            if Oracle::knows_no_more(&app, &self.server)? {
                break;
            }
        }
        Ok(())
    }
}

/// What was announced since the last look.
fn gathered(subscription: &Subscription) -> Changes {
    let next = pin!(subscription.next());
    match next.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(changes) => changes,
        Poll::Pending => Changes::default(),
    }
}

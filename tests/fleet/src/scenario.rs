//! The scenarios, and the figures that each has to reach.

use std::time::Duration;

use pocketdesk::bugs::{self, Bug};
use pocketdesk::product::SyncPolicy;

use crate::account::{Account, Minute};
use crate::figures::{Figures, longest_above, mean_requests, refused, rounded};
use crate::world::{Event, Fleet, World};

const MINUTE: u64 = 60_000;
/// The requests a minute of the plan that the figures are for.
const LIMIT: u32 = 700;
/// How many push messages the company's backend sends in a minute at most, for 10,000 devices: half as many again as there
/// are answers. Each costs two requests, and a third one later.
const PUSHES: u32 = 30;
/// After this time a fleet in front has settled, in milliseconds.
const SETTLED: u64 = 480 * MINUTE;

/// What happens to a fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// 10,000 devices in front, a tenth with a thread open, and push messages come.
    WithPush,
    /// The same without push messages.
    WithoutPush,
    /// 1,000,000 devices whose network returns within a minute, a hundredth with something written.
    Return,
    /// Another program of the company makes 400 requests a minute for three hours, for 10,000 devices without push messages.
    Export,
    /// The server of 10,000 devices cannot be reached for ten minutes.
    Outage,
    /// 10,000 tickets are closed at once, and the company's backend paces the push messages.
    MassUpdate,
    /// The same if the backend sends all push messages at once.
    MassPush,
}

/// What a scenario has come to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Which scenario.
    pub scenario: Scenario,
    /// How many devices there were.
    pub devices: usize,
    /// The limit of requests a minute.
    pub limit: u32,
    /// The minutes that were measured.
    pub minutes: Vec<Minute>,
    /// What was measured.
    pub figures: Figures,
    /// What had to be reached, and whether it was.
    pub goals: Vec<Goal>,
    /// What else there is to say.
    pub remarks: Vec<String>,
}

/// Something that has to be reached.
#[derive(Debug, Clone)]
pub struct Goal {
    /// What, with its value.
    pub what: String,
    /// Whether it was reached.
    pub reached: bool,
}

impl Scenario {
    /// Every scenario, in the order of the table.
    pub const ALL: [Self; 7] =
        [Self::Return, Self::WithoutPush, Self::WithPush, Self::Export, Self::Outage, Self::MassUpdate, Self::MassPush];

    /// The name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WithPush => "with push",
            Self::WithoutPush => "without push",
            Self::Return => "a million return",
            Self::Export => "an export beside it",
            Self::Outage => "outage of 10 min",
            Self::MassUpdate => "10,000 closed at once",
            Self::MassPush => "the same, all pushed at once",
        }
    }

    /// Runs the scenario with one of `scale` devices, and with the limit divided by the same. `devices` is how many
    /// there are before that in [`WithPush`](Self::WithPush) and [`WithoutPush`](Self::WithoutPush). The deliberate bug is turned on for this thread. The same seed gives the
    /// same outcome.
    #[must_use]
    pub fn run(self, (scale, devices): (u32, u32), seed: u64, policy: SyncPolicy, bug: Option<Bug>) -> Outcome {
        bugs::turn_on(bug);
        let outcome = match self {
            Self::WithPush => in_front(true, (scale, devices), seed, policy),
            Self::WithoutPush => in_front(false, (scale, devices), seed, policy),
            Self::Return => everybody_returns(scale, seed, policy),
            Self::Export => export(scale, seed, policy),
            Self::Outage => outage(scale, seed, policy),
            Self::MassUpdate => mass_update(true, scale, seed, policy),
            Self::MassPush => mass_update(false, scale, seed, policy),
        };
        bugs::turn_on(None);
        outcome
    }
}

impl Outcome {
    /// Whether every goal was reached.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.goals.iter().all(|goal| goal.reached)
    }
}

/// 10,000 devices in front, a tenth with a thread open. Agents answer 20 tickets a minute, and users write 40 messages.
fn fleet(scale: u32, push: bool) -> Fleet {
    Fleet {
        devices: 10_000 / scale as usize,
        open_one_in: 10,
        push,
        push_lost_one_in: 50,
        pushes_per_minute: (PUSHES / scale).max(1),
        answers_per_hour: 1_200 / scale,
        writes_per_hour: 2_400 / scale,
        quiet: 3,
        rate: (1_000_000, 40),
        offline: false,
    }
}

fn minutes(world: &World, from: u64) -> Vec<Minute> {
    let from = usize::try_from(from / MINUTE).unwrap_or(usize::MAX);
    world.account.minutes().get(from..).unwrap_or_default().to_vec()
}

fn goal(what: &str, value: impl std::fmt::Display, reached: bool) -> Goal {
    Goal { what: format!("{what}: {value}"), reached }
}

/// What holds in every scenario.
fn nothing_lost(figures: &Figures) -> Goal {
    goal("writes lost", figures.lost(), figures.lost() == 0)
}

/// How many minutes in a row may be above the limit. With a smaller limit, chance weighs more.
fn above(scale: u32) -> usize {
    if scale == 1 { 1 } else { 3 }
}

fn own_writes(figures: &Figures) -> [Goal; 2] {
    let (median, most) = figures.write();
    [
        goal("own write, median", rounded(median), median <= Duration::from_secs(3)),
        goal("own write, p99", rounded(most), most <= Duration::from_secs(30)),
    ]
}

fn in_front(push: bool, (scale, devices): (u32, u32), seed: u64, policy: SyncPolicy) -> Outcome {
    let limit = LIMIT / scale;
    let fleet = fleet(scale, push).of(devices / scale);
    let mut world = World::new(fleet, Account::new(limit, 0..0), policy, seed);
    let from = SETTLED;
    world.figures.from = from;
    world.run_until(from + 60 * MINUTE);
    let minutes = minutes(&world, from);
    world.drain(from + 60 * MINUTE);
    let (mean, refused) = (mean_requests(&minutes), refused(&minutes));
    let most = if push { 500 } else { 630 } / scale;
    let mut goals = vec![goal("requests a minute", mean, mean <= most)];
    if push {
        let (age, _) = world.figures.age();
        goals.push(goal("age of an answer, median", rounded(age), age <= Duration::from_secs(10)));
    } else {
        goals.push(goal("429, in 10,000", refused, refused <= 100));
        // Whoever asks too rarely wastes what there is.
        goals.push(goal("requests a minute, at least", mean, mean >= 350 / scale));
    }
    goals.extend(own_writes(&world.figures));
    goals.push(nothing_lost(&world.figures));
    let scenario = if push { Scenario::WithPush } else { Scenario::WithoutPush };
    Outcome { scenario, devices: world.devices(), limit, minutes, figures: world.figures, goals, remarks: Vec::new() }
}

/// The devices have run for days, and have long settled at a low rate.
fn everybody_returns(scale: u32, seed: u64, policy: SyncPolicy) -> Outcome {
    let limit = LIMIT / scale;
    let devices = 1_000_000 / scale as usize;
    let everybody = Fleet {
        devices,
        open_one_in: 0,
        push: false,
        push_lost_one_in: 0,
        pushes_per_minute: 0,
        answers_per_hour: 0,
        writes_per_hour: 0,
        quiet: 10,
        rate: (4_000, 85),
        offline: true,
    };
    let mut world = World::new(everybody, Account::new(limit, 0..0), policy, seed);
    let writers = devices / 100;
    for device in 0..devices {
        if device % 100 == 0 {
            world.at(0, Event::Writes(device));
        }
        let when = world.moment(MINUTE);
        world.at(when, Event::Returns(device));
    }
    // A write takes three requests with what is read after it.
    let writes_bound = writers as u64 * 3 / u64::from(limit);
    let reads_bound = devices as u64 / u64::from(limit);
    let (mut written, mut read) = (None, None);
    for minute in 1..=reads_bound * 4 {
        world.run_until(minute * MINUTE);
        if written.is_none() && world.unsent() == 0 {
            written = Some(minute);
        }
        if written.is_none() && minute > 4 * writes_bound {
            break;
        }
        if written.is_some() && world.figures.readers >= devices / 100 * 95 {
            read = Some(minute);
            break;
        }
    }
    let minutes = minutes(&world, 0);
    let refused = refused(&minutes);
    let told = |minute: Option<u64>| minute.map_or("never".to_owned(), |minute| format!("{minute} min"));
    let goals = vec![
        goal("429, in 10,000", refused, refused <= 500),
        goal("everything written has arrived after", told(written), written.is_some_and(|at| at <= writes_bound * 2)),
        goal(
            "minutes in a row above the limit",
            longest_above(&minutes, limit),
            longest_above(&minutes, limit) as u64 <= 2 * writes_bound,
        ),
        nothing_lost(&world.figures),
    ];
    let remarks = vec![
        format!(
            "the limit allows all writes in {writes_bound} min, and one question of everybody in {reads_bound} min"
        ),
        format!("95 of 100 devices have read the history after {}", told(read)),
    ];
    Outcome { scenario: Scenario::Return, devices, limit, minutes, figures: world.figures, goals, remarks }
}

fn export(scale: u32, seed: u64, policy: SyncPolicy) -> Outcome {
    let limit = LIMIT / scale;
    let (ends, end) = (SETTLED + 180 * MINUTE, SETTLED + 660 * MINUTE);
    let account = Account::new(limit, 0..0).shared(SETTLED..ends, 400 / scale);
    let mut world = World::new(fleet(scale, false), account, policy, seed);
    world.figures.from = SETTLED;
    world.run_until(end);
    let during = minutes(&world, SETTLED);
    world.drain(end);
    let (beside, after) = during.split_at(during.len().min(180));
    let after = mean_requests(after.get(360..).unwrap_or_default());
    let mut goals = vec![
        goal("429 beside the other program, in 10,000", refused(beside), refused(beside) <= 400),
        goal("requests a minute six hours after it", after, after >= 350 / scale),
    ];
    goals.extend(own_writes(&world.figures));
    goals.push(nothing_lost(&world.figures));
    Outcome {
        scenario: Scenario::Export,
        devices: world.devices(),
        limit,
        minutes: during,
        figures: world.figures,
        goals,
        remarks: Vec::new(),
    }
}

fn outage(scale: u32, seed: u64, policy: SyncPolicy) -> Outcome {
    let limit = LIMIT / scale;
    let (begins, ends, end) = (SETTLED, SETTLED + 10 * MINUTE, SETTLED + 130 * MINUTE);
    let mut world = World::new(fleet(scale, false), Account::new(limit, begins..ends), policy, seed);
    world.figures.from = ends;
    world.run_until(end);
    let during = minutes(&world, begins);
    world.drain(end);
    let (longest, last) = (longest_above(&during, limit), mean_requests(during.get(70..).unwrap_or_default()));
    let goals = vec![
        goal("minutes in a row above the limit", longest, longest <= above(scale)),
        goal("requests a minute in the second hour after it", last, last >= 350 / scale && last <= 630 / scale),
        nothing_lost(&world.figures),
    ];
    Outcome {
        scenario: Scenario::Outage,
        devices: world.devices(),
        limit,
        minutes: during,
        figures: world.figures,
        goals,
        remarks: Vec::new(),
    }
}

fn mass_update(paced: bool, scale: u32, seed: u64, policy: SyncPolicy) -> Outcome {
    let limit = LIMIT / scale;
    let (at, end) = (SETTLED, SETTLED + 180 * MINUTE);
    let per_minute = if paced { (PUSHES / scale).max(1) } else { 0 };
    let fleet = Fleet { pushes_per_minute: per_minute, ..fleet(scale, true) };
    let mut world = World::new(fleet, Account::new(limit, 0..0), policy, seed);
    world.figures.from = at;
    world.run_until(at);
    for device in 0..world.devices() {
        let when = at + world.moment(MINUTE);
        world.at(when, Event::Closes(device));
    }
    world.run_until(end);
    let after = minutes(&world, at);
    world.drain(end);
    let longest = longest_above(&after, limit);
    let last = mean_requests(after.get(120..).unwrap_or_default());
    let (age, _) = world.figures.age();
    let goals = vec![
        goal("age of an answer, median", rounded(age), age <= Duration::from_secs(10)),
        goal("minutes in a row above the limit", longest, longest <= above(scale) + usize::from(!paced)),
        goal("requests a minute in the third hour", last, last <= 500 / scale),
        nothing_lost(&world.figures),
    ];
    let (closed, latest) = world.figures.closed_age();
    let remarks = vec![format!("a closed ticket is shown after {}, p99 {}", rounded(closed), rounded(latest))];
    Outcome {
        scenario: if paced { Scenario::MassUpdate } else { Scenario::MassPush },
        devices: world.devices(),
        limit,
        minutes: after,
        figures: world.figures,
        goals,
        remarks,
    }
}

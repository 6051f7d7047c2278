//! Runs many schedules on several threads, and reports on them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pocketdesk::bugs::{self, Bug};
use tempfile::TempDir;

use crate::run::{Outcome, run};
use crate::schedule::Schedule;
use crate::server::{FaultCounts, Mood};
use crate::shrink::shrink;

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many schedules.
    pub schedules: u64,
    /// The seed of the first schedule. The others count up.
    pub seed: u64,
    /// The number of threads. Each schedule runs on one.
    pub threads: usize,
    /// A deliberate bug to turn on.
    pub bug: Option<Bug>,
    /// A mood that the server gets into in every schedule, in the place of those that are drawn.
    pub mood: Option<Mood>,
    /// Whether to stop at the first failure.
    pub first_only: bool,
}

/// The results of many schedules.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many schedules were run.
    pub run: u64,
    /// How long that took, in real time.
    pub took: Duration,
    /// Each kind of failure, with its count and the lowest seed.
    pub failures: BTreeMap<String, (u64, u64)>,
    fault_counts: FaultCounts,
    kills: u64,
    moves: u64,
    cuts: u64,
    jumps: u64,
    writes: u64,
    files: u64,
    requests: u64,
    moods: BTreeMap<Mood, u64>,
}

/// Creates a folder for one thread's schedules, in memory where the system has such a place.
pub fn folder() -> std::io::Result<TempDir> {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

/// The schedule of a seed, for the built-in product definition. With `mood` the server gets into this mood only.
#[must_use]
pub fn schedule(seed: u64, mood: Option<Mood>) -> Schedule {
    let bounds = pocketdesk::product::Product::built_in().map(|product| product.consistency);
    let (stale, late) = bounds.map_or((0, 0), |bounds| (bounds.stale_read.as_millis(), bounds.late_apply.as_millis()));
    Schedule::of(seed, i64::try_from(stale).unwrap_or_default(), i64::try_from(late).unwrap_or_default(), mood)
}

/// Runs all schedules of a plan.
pub fn run_all(plan: Plan) -> std::io::Result<Report> {
    let (next, stop, report) = (AtomicU64::new(0), AtomicBool::new(false), Mutex::new(Report::default()));
    let started = Instant::now();
    let work = || -> std::io::Result<()> {
        bugs::turn_on(plan.bug);
        let folder = folder()?;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= plan.schedules || stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let seed = plan.seed.wrapping_add(index);
            let outcome = run(&schedule(seed, plan.mood), folder.path(), false);
            if plan.first_only && outcome.violation.is_some() {
                stop.store(true, Ordering::Relaxed);
            }
            report.lock().unwrap_or_else(PoisonError::into_inner).add(seed, &outcome);
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.threads.max(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or(Ok(())))
    })?;
    let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.took = started.elapsed();
    Ok(report)
}

/// Explains a failing seed: the violation, the shrunk schedule, and its trace.
pub fn explain(seed: u64, bug: Option<Bug>, mood: Option<Mood>) -> std::io::Result<String> {
    bugs::turn_on(bug);
    let folder = folder()?;
    let whole = schedule(seed, mood);
    let outcome = run(&whole, folder.path(), true);
    let Some(violation) = outcome.violation else { return Ok(format!("{whole}\n{}\n\nnothing failed", outcome.trace)) };
    let small = shrink(&whole, &violation.kind(), folder.path());
    let again = run(&small, folder.path(), true);
    let mut text = String::new();
    let what = again.violation.unwrap_or(violation);
    let _ = write!(text, "seed {seed}: {}\n\ncut down to\n{small}\ntrace\n{}\n", what.what(), again.trace);
    bugs::turn_on(None);
    Ok(text)
}

impl Report {
    fn add(&mut self, seed: u64, outcome: &Outcome) {
        self.run += 1;
        self.fault_counts.add(&outcome.fault_counts);
        self.kills += outcome.kills;
        self.moves += outcome.moves;
        self.cuts += outcome.cuts;
        self.jumps += outcome.jumps;
        self.writes += outcome.writes;
        self.files += outcome.files;
        self.requests += outcome.requests;
        for mood in &outcome.moods {
            *self.moods.entry(*mood).or_default() += 1;
        }
        if let Some(violation) = &outcome.violation {
            let (count, lowest) = self.failures.entry(violation.kind()).or_insert((0, seed));
            *count += 1;
            *lowest = seed.min(*lowest);
        }
    }

    /// How many schedules failed.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failures.values().map(|(count, _)| count).sum()
    }

    /// A summary of what happened, and how fast.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut text = String::new();
        #[expect(clippy::cast_precision_loss, reason = "only printed")]
        let rate = self.run as f64 / self.took.as_secs_f64().max(0.001);
        let _ = writeln!(text, "{} schedules in {:.1} s, {rate:.0} a second", self.run, self.took.as_secs_f64());
        let _ =
            writeln!(text, "{} messages written, {} files picked, {} requests", self.writes, self.files, self.requests);
        let _ = write!(
            text,
            "kills {}, cuts in a write or sync {}, copies that went on {}, clock jumps {}",
            self.kills, self.cuts, self.moves, self.jumps
        );
        for (index, (fault, count)) in self.fault_counts.iter().enumerate() {
            let _ = write!(text, "{}{fault:?} {count}", if index % 8 == 0 { "\n" } else { ", " });
        }
        for (index, (mood, count)) in self.moods.iter().enumerate() {
            let _ = write!(text, "{}{} {count}", if index % 8 == 0 { "\nin the mood " } else { ", " }, mood.name());
        }
        text
    }
}

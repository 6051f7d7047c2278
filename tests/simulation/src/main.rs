//! Runs schedules and prints a summary of what happened. Ends with `N passed, N failed`.

use std::process::ExitCode;

use clap::Parser;
use pocketdesk::bugs::Bug;
use pocketdesk_simulation::{MIX, Mood, Plan, bug_by_name, explain, limit, mood, run_all};

/// The whole client against a model of a help desk, in virtual time
#[derive(Debug, Parser)]
struct Options {
    /// How many schedules to run
    #[arg(long, default_value_t = 2_000)]
    schedules: u64,
    /// The seed of the first schedule; the others count up
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of threads; each schedule runs on one
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Turns on a deliberate bug
    #[arg(long)]
    bug: Option<String>,
    /// Turns on every deliberate bug, one after the other, until each is found
    #[arg(long)]
    bugs: bool,
    /// Puts the server into this mood in every schedule
    #[arg(long)]
    mood: Option<String>,
    /// Runs the schedules in every mood, one after the other, and prints a table
    #[arg(long)]
    moods: bool,
    /// Runs one seed and prints its trace, shrunk if it fails
    #[arg(long)]
    replay: Option<u64>,
}

fn main() -> std::io::Result<ExitCode> {
    let options = Options::parse();
    let bug = match options.bug.as_deref().map(|name| (name, bug_by_name(name))) {
        Some((name, None)) => {
            eprintln!("no bug is called {name}");
            return Ok(ExitCode::from(2));
        }
        other => other.and_then(|(_, bug)| bug),
    };
    let mood = match options.mood.as_deref().map(|name| (name, Mood::by_name(name))) {
        Some((name, None)) => {
            eprintln!("no mood is called {name}");
            return Ok(ExitCode::from(2));
        }
        other => other.and_then(|(_, mood)| mood),
    };
    // A panic is reported as its schedule's failure, with its message.
    std::panic::set_hook(Box::new(|_| ()));
    let (passed, failed) = if let Some(seed) = options.replay {
        let text = explain(seed, bug, mood)?;
        println!("{text}");
        if text.ends_with("nothing failed") { (1, 0) } else { (0, 1) }
    } else if options.bugs {
        find_bugs(options.seed, options.threads)?
    } else if options.moods {
        try_moods(options.schedules, options.seed, options.threads)?
    } else {
        let plan = Plan {
            schedules: options.schedules,
            seed: options.seed,
            threads: options.threads,
            bug,
            mood,
            first_only: false,
        };
        simulate(plan)?
    };
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn simulate(plan: Plan) -> std::io::Result<(u64, u64)> {
    let report = run_all(plan)?;
    println!("{}", report.summary());
    let mut failures: Vec<_> = report.failures.iter().collect();
    failures.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (kind, (count, seed)) in &failures {
        println!("{count} times, lowest seed {seed}: {kind}");
    }
    if let Some((_, (_, seed))) = failures.first() {
        println!("\n{}", explain(*seed, plan.bug, plan.mood)?);
    }
    Ok((report.run - report.failed(), report.failed()))
}

/// Checks that every deliberate bug is found within its limit.
fn find_bugs(seed: u64, threads: usize) -> std::io::Result<(u64, u64)> {
    let (mut passed, mut failed) = (0, 0);
    for (bug, name) in Bug::ALL {
        let limit = limit(bug);
        let report =
            run_all(Plan { schedules: limit, seed, threads, bug: Some(bug), mood: mood(bug), first_only: true })?;
        let found = report.failures.iter().min_by_key(|(_, (_, seed))| seed);
        if let Some((kind, (_, at))) = found {
            println!("{name}: found after {} schedules (at most {limit}): {kind}", at.wrapping_sub(seed) + 1);
            passed += 1;
        } else {
            println!("{name}: not found in {limit} schedules");
            failed += 1;
        }
    }
    Ok((passed, failed))
}

/// Runs `schedules` schedules in every mood.
fn try_moods(schedules: u64, seed: u64, threads: usize) -> std::io::Result<(u64, u64)> {
    let (mut passed, mut failed) = (0, 0);
    for mood in Mood::ALL {
        let plan = Plan { schedules, seed, threads, bug: None, mood: Some(mood), first_only: false };
        let report = run_all(plan)?;
        let mix = if MIX.contains(&mood) { "in the mix" } else { "by name only" };
        println!("{:<20} {mix:<14} {} of {} failed", mood.name(), report.failed(), report.run);
        for (kind, (count, seed)) in &report.failures {
            println!("    {count} times, lowest seed {seed}: {kind}");
        }
        (passed, failed) = (passed + report.run - report.failed(), failed + report.failed());
    }
    Ok((passed, failed))
}

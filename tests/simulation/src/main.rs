//! Runs schedules, and tells what was met. Ends with `N passed, N failed`.

use std::process::ExitCode;

use clap::Parser;
use pocketdesk::bugs::Bug;
use pocketdesk_simulation::{Plan, bug_by_name, explain, limit, run_all};

/// The whole client against a model server, in virtual time.
#[derive(Debug, Parser)]
struct Options {
    /// How many schedules.
    #[arg(long, default_value_t = 2_000)]
    schedules: u64,
    /// The first one's seed; the others follow.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; each schedule runs on one.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Turns a deliberate bug on.
    #[arg(long)]
    bug: Option<String>,
    /// Turns on every deliberate bug in turn until it is found.
    #[arg(long)]
    bugs: bool,
    /// Runs one seed, and prints its trace, cut down if it fails.
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
    // A panic is a finding of its schedule, which says what it was.
    std::panic::set_hook(Box::new(|_| ()));
    let (passed, failed) = if let Some(seed) = options.replay {
        let text = explain(seed, bug)?;
        println!("{text}");
        if text.ends_with("nothing failed") { (1, 0) } else { (0, 1) }
    } else if options.bugs {
        find_bugs(options.seed, options.threads)?
    } else {
        let plan =
            Plan { schedules: options.schedules, seed: options.seed, threads: options.threads, bug, first_only: false };
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
        println!("{count} times, first with seed {seed}: {kind}");
    }
    if let Some((_, (_, seed))) = failures.first() {
        println!("\n{}", explain(*seed, plan.bug)?);
    }
    Ok((report.run - report.failed(), report.failed()))
}

/// Every deliberate bug has to be found within its limit.
fn find_bugs(seed: u64, threads: usize) -> std::io::Result<(u64, u64)> {
    let (mut passed, mut failed) = (0, 0);
    for (bug, name) in Bug::ALL {
        let limit = limit(bug);
        let report = run_all(Plan { schedules: limit, seed, threads, bug: Some(bug), first_only: true })?;
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

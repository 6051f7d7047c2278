//! Runs the scenarios and prints their table. Ends with `N passed, N failed`.

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Parser;
use pocketdesk::bugs::Bug;
use pocketdesk::product::SyncPolicy;
use pocketdesk_fleet::figures::{mean_requests, refused, rounded};
use pocketdesk_fleet::phone::policy;
use pocketdesk_fleet::scenario::{Outcome, Scenario};

/// Thousands of devices that share one account's rate limit, in virtual time
#[derive(Debug, Parser)]
struct Options {
    /// The seed; the same one gives the same table
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One of so many devices, with the limit divided by the same
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    scale: u32,
    /// How many devices there are in the scenarios "with push" and "without push", before SCALE divides them
    #[arg(long, default_value_t = 10_000)]
    devices: u32,
    /// Turns on every deliberate bug, one after the other, until a scenario shows it
    #[arg(long)]
    bugs: bool,
    /// Prints the requests of each minute
    #[arg(long)]
    minutes: bool,
    /// Only the scenarios with this in their name
    #[arg(long, default_value = "")]
    only: String,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let Some(policy) = policy() else {
        eprintln!("the built-in product definition cannot be read");
        return ExitCode::from(2);
    };
    let (passed, failed) = if options.bugs { find_bugs(&options, policy) } else { table(&options, policy) };
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn table(options: &Options, policy: SyncPolicy) -> (usize, usize) {
    let start = Instant::now();
    let outcomes = run_all(options, policy, None);
    let devices: usize = outcomes.iter().map(|outcome| outcome.devices).sum();
    println!(
        "| scenario | devices | requests a minute | of | 429 | age of an answer: median, p99 | own write: median, p99 |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for outcome in &outcomes {
        print(outcome);
    }
    for outcome in &outcomes {
        println!("\n{}", outcome.scenario.name());
        for goal in &outcome.goals {
            println!("  {} {}", if goal.reached { "reached" } else { "MISSED " }, goal.what);
        }
        for remark in &outcome.remarks {
            println!("          {remark}");
        }
        if options.minutes {
            let minutes: Vec<String> = outcome.minutes.iter().map(|minute| minute.asked().to_string()).collect();
            println!("          {}", minutes.join(" "));
        }
    }
    let took = start.elapsed();
    println!("\n{devices} devices in {:.1} s", took.as_secs_f64());
    let failed = outcomes.iter().filter(|outcome| !outcome.holds()).count();
    (outcomes.len() - failed, failed)
}

fn print(outcome: &Outcome) {
    let text = |(median, most): (Duration, Duration)| format!("{}, {}", rounded(median), rounded(most));
    let figures = &outcome.figures;
    let age = if figures.answers() == 0 { "–".to_owned() } else { text(figures.age()) };
    println!(
        "| {} | {} | {} | {} | {:.2} % | {age} | {} |",
        outcome.scenario.name(),
        outcome.devices,
        mean_requests(&outcome.minutes),
        outcome.limit,
        f64::from(refused(&outcome.minutes)) / 100.0,
        text(figures.write()),
    );
}

/// Runs every scenario, two at a time, and returns them in a fixed order.
fn run_all(options: &Options, policy: SyncPolicy, bug: Option<Bug>) -> Vec<Outcome> {
    let wanted = |scenario: &Scenario| scenario.name().contains(&options.only);
    let left: Vec<Scenario> = Scenario::ALL.into_iter().rev().filter(wanted).collect();
    let (left, done) = (Mutex::new(left), Mutex::new(Vec::new()));
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                while let Some(scenario) = next() {
                    let outcome = scenario.run((options.scale, options.devices), options.seed, policy, bug);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|outcome| Scenario::ALL.iter().position(|scenario| *scenario == outcome.scenario));
    done
}

fn find_bugs(options: &Options, policy: SyncPolicy) -> (usize, usize) {
    let mut failed = 0;
    for (bug, name) in Bug::OF_A_FLEET {
        let outcomes = run_all(options, policy, Some(bug));
        let missed = outcomes.iter().flat_map(|outcome| {
            outcome
                .goals
                .iter()
                .filter(|goal| !goal.reached)
                .map(|goal| format!("{}: {}", outcome.scenario.name(), goal.what))
        });
        match missed.collect::<Vec<_>>().as_slice() {
            [] => {
                failed += 1;
                println!("{name}: NOT FOUND");
            }
            found => println!("{name}: found. {}", found.join("; ")),
        }
    }
    (Bug::OF_A_FLEET.len() - failed, failed)
}

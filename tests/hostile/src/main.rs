//! Runs the client through every mode and prints a table, or serves one mode. Ends with `N passed, N failed`.
//!
//! Each run is a process of its own. So a run that never ends does not stop the others, and each run has its own peak
//! of memory.

use std::collections::VecDeque;
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clap::Parser;
use pocketdesk_hostile::{Account, Error, Outcome, modes, run, serve, worked};

/// How long a run may keep a processor busy. Most need a second, and the one that reads pages of 15 MB nearly a minute. On a slow machine
/// it takes longer, so the limit leaves room for several times as long.
const LONGEST_RUN: Duration = Duration::from_mins(5);

/// A help desk that misbehaves on purpose
#[derive(Debug, Parser)]
#[command(name = "pocketdesk-hostile", version)]
struct Flags {
    /// Run this mode alone; a number or a part of a word runs every mode that has it
    #[arg(long, value_name = "NAME")]
    mode: Option<String>,
    /// How many modes run at the same time
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,
    /// Print the modes with their stories
    #[arg(long)]
    list: bool,
    /// Serve this mode until the program is ended
    #[arg(long, value_name = "MODE")]
    serve: Option<String>,
    /// The port on 127.0.0.1 for --serve; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// With --one: also print every request
    #[arg(long, hide = true)]
    log: bool,
    /// Run as the process of one run: MODE ACCOUNT
    #[arg(long, num_args = 2, value_names = ["MODE", "ACCOUNT"], hide = true)]
    one: Option<Vec<String>>,
}

fn main() -> Result<ExitCode, Error> {
    let flags = Flags::parse();
    if let Some([mode, account]) = flags.one.as_deref() {
        let account = Account::by_name(account).ok_or("there is no such account")?;
        std::thread::spawn(end_what_never_ends);
        let outcome = run(mode, account)?;
        if flags.log {
            outcome.asked.iter().for_each(|asked| eprintln!("{asked}"));
        }
        println!("{}", serde_json::to_string(&Outcome { asked: Vec::new(), ..outcome })?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(mode) = &flags.serve {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(serve(mode, flags.port, |ready| println!("{ready}")))?;
        return Ok(ExitCode::SUCCESS);
    }
    let wanted: Vec<_> =
        modes().into_iter().filter(|mode| flags.mode.as_ref().is_none_or(|part| matches(mode.name, part))).collect();
    if flags.list {
        for mode in &wanted {
            println!("{:<34} {}", mode.name, mode.story);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let runs = wanted.iter().flat_map(|mode| Account::ALL.map(|account| (mode.name, account)));
    Ok(run_all(runs.collect(), flags.jobs))
}

/// Whether `part` names the mode. A number is the beginning of a name (`1.1` is not in `11.1`), words are a part of it.
fn matches(name: &str, part: &str) -> bool {
    if part.starts_with(|first: char| first.is_ascii_digit()) { name.starts_with(part) } else { name.contains(part) }
}

/// Ends this process if the client keeps a processor busy for ever without a request. The injected clock does not
/// notice this.
fn end_what_never_ends() {
    while worked().is_none_or(|worked| worked < LONGEST_RUN) {
        std::thread::sleep(Duration::from_secs(1));
    }
    let outcome = Outcome { broken: vec!["never ends".to_owned()], ..Outcome::default() };
    println!("{}", serde_json::to_string(&outcome).unwrap_or_default());
    std::process::exit(0);
}

/// Runs everything, and prints a line for each run in the order in which they end.
fn run_all(runs: VecDeque<(&'static str, Account)>, jobs: usize) -> ExitCode {
    println!(
        "{:<34} {:<7} {:<7} {:>8} {:>8} {:>8} {:>9}",
        "mode", "account", "result", "requests", "ceiling", "minutes", "peak MiB"
    );
    let (left, counts) = (Mutex::new(runs), Mutex::new((0, 0)));
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let next = left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some((mode, account)) = next else { return };
                    let outcome = in_a_process(mode, account);
                    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
                    if outcome.broken.is_empty() {
                        counts.0 += 1;
                    } else {
                        counts.1 += 1;
                    }
                    print_line(mode, account, &outcome);
                }
            });
        }
    });
    let (passed, failed) = counts.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print_line(mode: &str, account: Account, outcome: &Outcome) {
    let Outcome { requests, ceiling, minutes, peak, broken, .. } = outcome;
    let result = if broken.is_empty() { "passed" } else { "FAILED" };
    let peak = peak.map_or("-".to_owned(), |kib| format!("{}.{}", kib / 1024, kib % 1024 * 10 / 1024));
    let account = account.name();
    println!("{mode:<34} {account:<7} {result:<7} {requests:>8} {ceiling:>8} {minutes:>8} {peak:>9}");
    for says in broken {
        println!("    not so: {says}");
    }
}

/// One run in a process of its own. What goes wrong with the process itself is a failure of the run.
fn in_a_process(mode: &str, account: Account) -> Outcome {
    let program = std::env::current_exe();
    let done = program.and_then(|program| {
        Command::new(program)
            .args(["--one", mode, account.name()])
            // A freed text of a page goes back to the system at once, so what looking at the screens took is not measured later.
            .env("MALLOC_MMAP_THRESHOLD_", "32768")
            .stderr(Stdio::piped())
            .stdin(Stdio::null())
            .output()
    });
    let broken = |says: String| Outcome { broken: vec![says], ..Outcome::default() };
    match done {
        Err(error) => broken(format!("the process does not start: {error}")),
        Ok(done) => serde_json::from_slice(&done.stdout).unwrap_or_else(|_| {
            let last: Vec<String> =
                String::from_utf8_lossy(&done.stderr).lines().rev().take(3).map(str::to_owned).collect();
            broken(format!("the process ends with {}: {}", done.status, last.join(" / ")))
        }),
    }
}

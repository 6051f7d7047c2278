//! The real client, killed with SIGKILL at random times, against the sandbox server with its faults.
//!
//! `pocketdesk-torture --kills 300` starts, kills and restarts an app on the same folder, in rounds (the story is in
//! [`round`]). At the end of each round it compares what was promised with what is there. It ends with `N passed, N
//! failed`, counted in kills: if a promise was broken, all kills of that round count as failed, because it is unknown
//! which of them broke it.
//!
//! Kills depend on real time. A seed decides what is tried, but not what happens, so a failed round may not fail again.

mod actions;
mod device;
mod ledger;
mod round;
mod tally;
mod victim;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use futures_util::stream::{self, StreamExt};

use crate::tally::Tally;

/// An error of the torture itself, not of the client.
type Error = Box<dyn std::error::Error + Send + Sync>;

/// Kills an app again and again, and checks that it keeps its promises
#[derive(Debug, Parser)]
#[command(name = "pocketdesk-torture", version)]
struct Flags {
    /// How many kills
    #[arg(long, value_name = "N", default_value_t = 300)]
    kills: usize,
    /// How many kills a round has. After them, everything is sent and compared
    #[arg(long, value_name = "N", default_value_t = 60)]
    round: usize,
    /// The seed of the first round; the others count up
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many rounds run in parallel, each with a server and a device of its own
    #[arg(long, value_name = "N", default_value_t = 3)]
    jobs: usize,
    /// Run as the app that is killed: FOLDER URL
    #[arg(long, num_args = 2, value_names = ["FOLDER", "URL"], hide = true)]
    victim: Option<Vec<String>>,
}

fn main() -> Result<ExitCode, Error> {
    let flags = Flags::parse();
    if let Some([folder, url]) = flags.victim.as_deref() {
        victim::run(&PathBuf::from(folder), url)?;
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(torture(&flags))
}

async fn torture(flags: &Flags) -> Result<ExitCode, Error> {
    let began = Instant::now();
    let rounds = flags.kills.div_ceil(flags.round.max(1));
    let mut played = stream::iter(0..rounds)
        .map(|round| async move {
            let seed = flags.seed.wrapping_add(round as u64);
            let kills = flags.round.min(flags.kills - round * flags.round);
            let folder = tempfile::tempdir()?;
            let tally = tokio::spawn({
                let folder = folder.path().to_owned();
                async move { round::play(seed, kills, &folder).await }
            });
            Ok::<_, Error>((seed, tally.await??, folder))
        })
        .buffer_unordered(flags.jobs.max(1));
    let (mut sum, mut failed) = (Tally::default(), 0);
    while let Some(outcome) = played.next().await {
        let (seed, tally, folder) = outcome?;
        if !tally.differences.is_empty() {
            failed += tally.kills;
            println!("seed {seed} failed; its files are kept in {}", folder.keep().display());
            for difference in &tally.differences {
                println!("  {difference}");
            }
        }
        sum.add(tally);
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{sum}");
    #[expect(clippy::cast_precision_loss, reason = "only printed")]
    let rate = sum.kills as f64 / seconds;
    println!("{rate:.1} kills a second");
    println!("{} passed, {failed} failed", sum.kills - failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

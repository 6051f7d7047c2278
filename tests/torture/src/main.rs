//! The real server, killed with SIGKILL at random moments, against the sandbox server at its worst.
//!
//! `pocketdesk-torture --kills 300` starts, kills and restarts an app on the same folder, round after round ([`round`] tells
//! the story), and compares at the end of each round what was promised with what is there. It ends with
//! `N passed, N failed`, counted in kills: if something is not as promised, all kills of that round have failed, because
//! nobody can say which of them it was.
//!
//! Kills come by the clock, so a seed decides what is tried, not what happens; a failed round is worth more than one look.

mod device;
mod ledger;
mod round;
mod tally;
mod victim;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use futures_util::stream::{self, StreamExt};

use crate::tally::Tally;

/// Trouble with the torture itself.
type Trouble = Box<dyn Error + Send + Sync>;

/// Kills the server again and again, and looks whether it keeps its promises.
#[derive(Debug, Parser)]
#[command(name = "pocketdesk-torture", version)]
struct Flags {
    /// How many kills
    #[arg(long, value_name = "N", default_value_t = 300)]
    kills: usize,
    /// How many kills a round has, after which everything is sent and compared
    #[arg(long, value_name = "N", default_value_t = 60)]
    round: usize,
    /// The first round's seed; the others follow
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Rounds side by side, each with a server and a device of its own
    #[arg(long, value_name = "N", default_value_t = 3)]
    jobs: usize,
    /// Be the app that is killed: FOLDER URL
    #[arg(long, num_args = 2, value_names = ["FOLDER", "URL"], hide = true)]
    victim: Option<Vec<String>>,
}

fn main() -> Result<ExitCode, Trouble> {
    let flags = Flags::parse();
    if let Some([folder, url]) = flags.victim.as_deref() {
        victim::live(&PathBuf::from(folder), url)?;
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(torture(&flags))
}

async fn torture(flags: &Flags) -> Result<ExitCode, Trouble> {
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
            Ok::<_, Trouble>((seed, tally.await??, folder))
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
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let pace = sum.kills as f64 / seconds;
    println!("{pace:.1} kills a second");
    println!("{} passed, {failed} failed", sum.kills - failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

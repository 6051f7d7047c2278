//! Benchmarks. They measure and print; they assert nothing.
//!
//! `pocketdesk-bench FOLDER` creates the files it needs in FOLDER and prints one line per measurement. The server is
//! the sandbox, in this process. A first sync whose memory is measured runs in a process of its own. `pocketdesk-bench
//! connectors`, `pocketdesk-bench status-map FOLDER`, `pocketdesk-bench sync FOLDER TICKETS`, `pocketdesk-bench replies FOLDER TICKETS` and
//! `pocketdesk-bench history FOLDER TICKETS` run only one part: what each connector costs in requests and bytes, what a changed status map
//! costs, what a sync costs, what a first sync costs a user who writes meanwhile, and the history beside a hand-written one.

mod connectors;
mod device;
mod durable;
mod figures;
mod history;
mod pages;
mod status_map;
mod sync;
mod views;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["connectors"] => runtime.block_on(connectors::measure()),
        ["pages"] => runtime.block_on(pages::measure()),
        ["history", folder, tickets] => history(folder.as_ref(), &[tickets.parse()?]),
        ["durable", folder] => durable::measure(folder.as_ref()),
        ["replies", folder, tickets] => runtime.block_on(sync::replies(folder.as_ref(), tickets.parse()?)),
        ["sync", folder, tickets] => runtime.block_on(sync::measure(folder.as_ref(), tickets.parse()?)),
        ["status-map", folder] => status_map::measure(folder.as_ref()),
        [folder] => {
            let folder = PathBuf::from(folder);
            history(&folder, &[1_000, 10_000, 100_000])?;
            views::measure(&folder)?;
            durable::measure(&folder)?;
            status_map::measure(&folder)?;
            runtime.block_on(sync::measure(&folder, sync::MANY))?;
            runtime.block_on(pages::measure())?;
            runtime.block_on(connectors::measure())
        }
        ["first-sync", url, folder] => runtime.block_on(sync::first_sync_alone(url, folder.as_ref())),
        _ => Err("usage: pocketdesk-bench FOLDER|connectors|pages|status-map FOLDER|sync FOLDER TICKETS|replies FOLDER TICKETS|history FOLDER TICKETS".into()),
    }
}

/// The history beside what a developer would write by hand, at each of these sizes.
fn history(folder: &Path, sizes: &[i64]) -> Result<(), Box<dyn Error>> {
    let mut figures = figures::Figures::default();
    println!("the reference's schema, with one index for each query:{}", history::SCHEMA);
    for tickets in sizes {
        history::measure(folder, *tickets, &mut figures)?;
    }
    figures.write(folder)
}

/// The value that the fraction `share` of `rounds` does not exceed.
fn quantile(rounds: &mut [Duration], share: f64) -> Duration {
    rounds.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((rounds.len() as f64 * share) as usize).min(rounds.len().saturating_sub(1));
    rounds.get(index).copied().unwrap_or_default()
}

fn ms(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1_000.0)
}

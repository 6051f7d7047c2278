//! Benchmarks. They measure and print; they assert nothing.
//!
//! `pocketdesk-bench all FOLDER SIZES` creates the files it needs in FOLDER, once, and prints one line per measurement. SIZES are numbers
//! of tickets with commas between them. The server is the sandbox, in this process. What is measured of memory runs in a process of its
//! own. Each part can be measured alone; `pocketdesk-bench` without arguments lists them. `pocketdesk-bench table FOLDER` puts what all
//! parts measured last into `figures.json`.

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
use std::path::PathBuf;
use std::time::Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["all", folder, sizes] => {
            let (folder, sizes) = (PathBuf::from(folder), numbers(sizes)?);
            history::measure(&folder, &sizes, None)?;
            durable::measure(&folder)?;
            let many = sizes.iter().copied().max().unwrap_or_default();
            runtime.block_on(sync::measure(&folder, u32::try_from(many)?))?;
            runtime.block_on(pages::measure())?;
            runtime.block_on(connectors::measure())
        }
        ["table", folder] => figures::table(folder.as_ref()),
        ["history", folder, sizes] => history::measure(folder.as_ref(), &numbers(sizes)?, None),
        ["history", folder, sizes, part] => history::measure(folder.as_ref(), &numbers(sizes)?, Some(part)),
        ["durable", folder] => durable::measure(folder.as_ref()),
        ["replies", folder, tickets] => runtime.block_on(sync::replies(folder.as_ref(), tickets.parse()?)),
        ["front", folder] => runtime.block_on(sync::in_front(folder.as_ref())),
        ["sync", folder, tickets] => runtime.block_on(sync::measure(folder.as_ref(), tickets.parse()?)),
        ["status-map", folder] => status_map::measure(folder.as_ref()),
        ["pages"] => runtime.block_on(pages::measure()),
        ["connectors"] => runtime.block_on(connectors::measure()),
        ["first-sync", url, folder] => runtime.block_on(sync::first_sync_alone(url, folder.as_ref())),
        ["tickets", tickets] => {
            history::print_tickets(tickets.parse()?);
            Ok(())
        }
        ["scroll", folder, tickets, how] => history::scroll_alone(folder.as_ref(), tickets.parse()?, how),
        _ => Err(USAGE.into()),
    }
}

const USAGE: &str =
    "usage: pocketdesk-bench all FOLDER SIZES | table FOLDER | durable FOLDER | status-map FOLDER | pages | connectors
    | history FOLDER SIZES [history|search|scroll|size|opening|ingest] | replies FOLDER TICKETS | sync FOLDER TICKETS";

/// Numbers with commas between them.
fn numbers(text: &str) -> Result<Vec<i64>, Box<dyn Error>> {
    Ok(text.split(',').map(|number| number.trim().parse()).collect::<Result<_, _>>()?)
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

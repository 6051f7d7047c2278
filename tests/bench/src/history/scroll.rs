//! How much memory it takes to scroll through the whole history, over that of the open client. In a process of its own, so that nothing
//! else is measured.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use pocketdesk::client::HistoryRequest;
use pocketdesk::query::HistoryWindow;
use pocketdesk::store::PageFrom;

use super::{DEFINITION, PAGE, SERVER, account};
use crate::device;
use crate::figures::Figures;

const MIB: f64 = 1_024.0;
/// For a screen that scrolls through everything.
const MOST: f64 = 20.0;

/// Measures the window that a screen holds, pages that are dropped when the next one is there, and rows that are all kept.
pub(super) fn measure(folder: &Path, tickets: i64, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    for (how, name) in
        [("window", "in the window of a screen"), ("dropped", "each page dropped"), ("kept", "every row kept")]
    {
        let command = Command::new(std::env::current_exe()?)
            .arg("scroll")
            .arg(folder)
            .arg(tickets.to_string())
            .arg(how)
            .output()?;
        let text = String::from_utf8(command.stdout)?;
        let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [rows, base, more] = numbers.as_slice() else { return Err("scrolling failed".into()) };
        let name = format!("scrolling {rows} rows, {name}: memory over the {:.0} MiB of the open client", base / MIB);
        figures.value(&name, tickets, "MiB", more / MIB, Some(MOST));
    }
    Ok(())
}

/// Scrolls, and prints how many rows there were, the memory of the open client, and how much more was needed, both in KiB.
pub fn alone(folder: &Path, tickets: i64, how: &str) -> Result<(), Box<dyn Error>> {
    let client = device::open_account(folder, &account(tickets), SERVER, DEFINITION)?;
    let request = HistoryRequest::default();
    // What every screen has read when it is there.
    let mut page = client.history_page(&request, PageFrom::Top, PAGE)?;
    fs::write("/proc/self/clear_refs", "5")?;
    let before = peak();
    let (mut rows, mut kept) = (0, Vec::new());
    if how == "window" {
        // A screen has the rows of before until the others are there. The way back is as long.
        let mut held = client.history_rows(&request, &HistoryWindow::top(PAGE))?;
        rows = usize::try_from(held.page.total)?;
        while let Some(down) = held.down.take() {
            held = client.history_rows(&request, &down)?;
        }
        while let Some(up) = held.up.take() {
            held = client.history_rows(&request, &up)?;
        }
    } else {
        loop {
            rows += page.tickets.len();
            if how == "kept" {
                kept.append(&mut page.tickets);
            }
            let Some(next) = page.next.take() else { break };
            page = client.history_page(&request, PageFrom::After(&next), PAGE)?;
        }
    }
    println!("{rows} {before} {}", peak().saturating_sub(before));
    Ok(())
}

/// The peak memory of this process in KiB.
fn peak() -> u64 {
    crate::sync::peak_memory()
}

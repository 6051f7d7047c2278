//! A failing schedule, cut down to what it needs to fail in the same way.

use std::path::Path;

use crate::run::run;
use crate::schedule::{Event, Schedule};

/// Runs at most; what is left then is small enough.
const MOST_RUNS: u32 = 1_500;

/// The smallest schedule found that fails with the same [kind](crate::Violation::kind).
#[must_use]
pub fn shrink(failing: &Schedule, kind: &str, ground: &Path) -> Schedule {
    let mut runs = 0;
    let mut fails = |schedule: &Schedule| {
        runs += 1;
        runs <= MOST_RUNS && run(schedule, ground, false).violation.is_some_and(|violation| violation.kind() == kind)
    };
    let mut best = failing.clone();
    loop {
        let before = best.clone();
        without_events(&mut best, &mut fails);
        simpler(&mut best, &mut fails);
        if best == before {
            return best;
        }
    }
}

/// Takes out events, in halves, quarters, and one by one.
fn without_events(best: &mut Schedule, fails: &mut impl FnMut(&Schedule) -> bool) {
    let mut size = best.events.len().div_ceil(2).max(1);
    loop {
        let mut start = 0;
        while start < best.events.len() {
            let mut shorter = best.clone();
            shorter.events.drain(start..(start + size).min(best.events.len()));
            if fails(&shorter) {
                *best = shorter;
            } else {
                start += size;
            }
        }
        if size == 1 {
            return;
        }
        size /= 2;
    }
}

/// Makes what is left plainer: another server, fewer tickets, rounder waits.
fn simpler(best: &mut Schedule, fails: &mut impl FnMut(&Schedule) -> bool) {
    let plainer: [fn(&mut Schedule); 11] = [
        |schedule| schedule.tickets = 0,
        |schedule| schedule.tickets = schedule.tickets.saturating_sub(1),
        |schedule| schedule.off_by = 0,
        |schedule| schedule.page_size = 100,
        |schedule| schedule.sweep = (86_400, 20),
        |schedule| schedule.reference = true,
        |schedule| schedule.nature.organization_refused = false,
        |schedule| schedule.nature.notes_leak = false,
        |schedule| schedule.nature.rewrites = false,
        |schedule| schedule.nature.organization = false,
        |schedule| schedule.nature.tells_time = true,
    ];
    let mut attempt = |best: &mut Schedule, candidate: Schedule| {
        if candidate != *best && fails(&candidate) {
            *best = candidate;
        }
    };
    for plain in plainer {
        let mut candidate = best.clone();
        plain(&mut candidate);
        attempt(best, candidate);
    }
    for index in 0..best.events.len() {
        if let Event::Fault(order) = best.events[index]
            && order.times > 1
        {
            let mut candidate = best.clone();
            candidate.events[index] = Event::Fault(crate::server::Order { times: 1, ..order });
            attempt(best, candidate);
        }
        if let (Event::Pass(a), Some(Event::Pass(b))) = (best.events[index], best.events.get(index + 1).copied()) {
            let mut candidate = best.clone();
            candidate.events[index] = Event::Pass(a + b);
            candidate.events.remove(index + 1);
            attempt(best, candidate);
            return;
        }
    }
}
